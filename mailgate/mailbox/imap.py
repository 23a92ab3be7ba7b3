"""Talking to an IMAP server (RFC 9051, 4315, 6851): which messages there are, their bytes, and telling it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from imapclient import DELETED, SEEN, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from blobs.spool import NoRoomError, Spool
from mailgate.mailbox.folder import (
    BEGINNING_BYTES,
    SIZE_MOST,
    Boundary,
    Folder,
    MailboxError,
    Message,
    Unfetched,
)
from mailgate.mailbox.idle import IdleClient
from mailgate.mailbox.imap_sign_in import sign_in
from mailgate.mailbox.sentences import broke_off, clear_sentences, tls_context
from mailgate.models import InboundMessage, Mailbox
from mailgate.restored import note_restore
from work.models import Restore

logger = logging.getLogger(__name__)

PIECE_BYTES = BEGINNING_BYTES
PIECES_MOST = 2000  # of one message, where a server gives less at once than is asked for
TIMEOUT = SocketTimeout(connect=10, read=60)
LOOK_BACK = 100
A_DAY = timedelta(days=1)
FIRST_UNSEEN = 2**32  # UIDs have 32 bits

Security = Mailbox.Security
After = Mailbox.After


class ImapFolder(Folder):
    """A folder as it was opened. Numbers are UIDs; they mean something only together with `uid_validity`.

    The mark is `Mailbox.highest_uid`. We look back a little behind it, for servers that show messages out of
    order. `open` is the first message that could not be read: the mark stays before it.
    """

    way = InboundMessage.Way.IMAP

    def __init__(self, mailbox: Mailbox, *, client: IdleClient, answer: dict[bytes, Any]) -> None:
        super().__init__(mailbox)
        self.client = client
        self.uid_validity = _number(answer[b"UIDVALIDITY"])
        self.exists = _number(answer[b"EXISTS"])
        self.said_next = _number(answer.get(b"UIDNEXT") or 0)
        self.uid_next = self.said_next or self._last_uid() + 1
        self.can_wait = client.has_capability("IDLE")
        self.open, self.sizes = FIRST_UNSEEN, dict[int, int]()

    def start(self) -> dict[str, object]:
        """A new UIDVALIDITY starts a new ledger; from then on dates tell what is old among what is there.

        So do UIDs that begin again below those they had: the server was put back, and gives them twice. What
        it said of the next one when the folder was opened is asked once: mail comes in while it stays open.
        """
        anew: dict[str, object] = {
            "uid_validity": self.uid_validity,
            "highest_uid": 0,
            "begin_uid": self.uid_next,
        }
        if self.mailbox.uid_validity != self.uid_validity:
            return anew
        said_next, self.said_next = self.said_next, 0
        if not 0 < said_next <= self.mailbox.highest_uid:  # they only ever ascend: RFC 9051, 2.3.1.1
            return {}
        logger.error("mailbox %s has gone back: its next UID is %d", self.mailbox, said_next)
        now = timezone.now()
        note_restore(reason=Restore.Reason.MAILBOX, now=now)
        generation = self.mailbox.generation + 1
        return anew | {"generation": generation, "begin_validity": None, "quiet_before": now}

    def count(self) -> int:
        """How many messages are there."""
        return self.exists

    def boundary(self) -> Boundary:
        """Messages get ascending UIDs, so that one figure parts them, whatever the clocks say."""
        validity, last = self.uid_validity, self.uid_next
        return Boundary(
            values={
                "uid_validity": validity,
                "begin_validity": validity,
                "begin_uid": last,
                "highest_uid": 0,
            }
        )

    def numbers(self) -> list[int]:
        """What the mark leaves open, whoever has read it; of what is old only what is wanted."""
        self.client.forget_news()
        self.open, self.sizes = FIRST_UNSEEN, {}
        lowest = max(self.mailbox.highest_uid - LOOK_BACK + 1, 1)
        if self.mailbox.begin_at is None:
            return self._search(lowest)
        border = self.mailbox.begin_uid
        return self._old(lowest, border - 1) + self._search(max(lowest, border))

    def identity(self, number: int) -> str:
        """RFC 9051, 2.3.1.1."""
        return f"{self.scope}:{self.uid_validity}:{number}"

    def unfetched(self, numbers: Sequence[int]) -> list[Unfetched]:
        """Their sizes are as the server announces them."""
        answer = self._ask(numbers, ["RFC822.SIZE", "INTERNALDATE"])
        self.sizes |= {
            uid: min(values[b"RFC822.SIZE"], SIZE_MOST)
            for uid, values in answer.items()
            if b"RFC822.SIZE" in values
        }
        for uid in set(numbers) - set(self.sizes):
            self._leave_open(uid)
        return [
            Unfetched(
                number=uid,
                size=self.sizes[uid],
                is_old=self._is_old(uid, values.get(b"INTERNALDATE")),
            )
            for uid, values in sorted(answer.items())
            if uid in self.sizes and not self._is_passed(uid, values.get(b"INTERNALDATE"))
        ]

    def read(self, numbers: Sequence[int]) -> dict[int, Message]:
        """In pieces of 1 MB, without marking it as read.

        Read until the server has no more, or we want no more: some servers announce a wrong size. What the
        server can't give now must not keep us from the others; it is asked for again.
        """
        messages: dict[int, Message | None] = {}
        for group in self._small_groups(numbers):
            beginnings = self._pieces(group, start=0)
            messages |= {
                uid: self._whole(uid, beginning, most=settings.MAIL_MAX_BYTES)
                for uid, beginning in beginnings.items()
            }
        for uid in numbers:
            if messages.get(uid) is None:
                self._leave_open(uid)
        return {uid: message for uid, message in messages.items() if message is not None}

    def read_beginning(self, number: int) -> Message | None:
        """The first 1 MB, which is all of it where no more comes."""
        piece = self._pieces([number], start=0).get(number)
        message = None if piece is None else self._whole(number, piece, most=BEGINNING_BYTES - 1)
        if message is None:
            self._leave_open(number)
        return message

    def was_told(self, number: int) -> bool:
        """The mark moves after telling."""
        return number <= self.mailbox.highest_uid

    def tell(self, numbers: Iterable[int]) -> None:
        """Nothing, mark, delete or move."""
        uids = list(numbers)
        if not uids or self.mailbox.after == After.LEAVE:
            return
        if self.mailbox.after == After.MARK:
            self.client.add_flags(uids, [SEEN], silent=True)
        elif self.mailbox.after == After.DELETE:
            self._delete(uids)
        else:
            self._move(uids)

    def mark(self, number: int) -> dict[str, object]:
        """Never backwards, and never past a message that could not be read."""
        return {"highest_uid": max(min(number, self.open - 1), self.mailbox.highest_uid)}

    @contextmanager
    def idling(self, *, wake: int) -> Iterator[Callable[[float], bool]]:
        """RFC 2177."""
        self.client.idle()
        try:
            yield lambda seconds: self.client.hears(seconds=seconds, wake=wake)
        finally:
            self.client.idle_done()

    def _search(self, lowest: int) -> list[int]:
        """Asking 'n:*' always gives the last one, too."""
        found = self.client.search(["UID", f"{lowest}:*"])
        return sorted(uid for uid in found if lowest <= uid < FIRST_UNSEEN)

    def _old(self, lowest: int, highest: int) -> list[int]:
        """The server finds by date, so that what was passed over costs nothing; its days may not be ours."""
        since = self.mailbox.take_from
        if lowest > highest or (since == self.mailbox.begin_at and not self._is_renumbered):
            return []
        wanted: list[str | date] = ["UID", f"{lowest}:{highest}"]
        found = self.client.search(wanted + (["SINCE", (since - A_DAY).date()] if since else []))
        return sorted(uid for uid in found if lowest <= uid <= highest)

    @property
    def _is_renumbered(self) -> bool:
        """Whether UIDs no longer tell what was there when the mailbox was confirmed."""
        return self.uid_validity != self.mailbox.begin_validity

    def _is_old(self, uid: int, arrived: datetime | None) -> bool:
        if self.is_fetched_again(arrived):
            return True
        begin = self.mailbox.begin_at
        if begin is None or uid >= self.mailbox.begin_uid:
            return False
        return not self._is_renumbered or (arrived is not None and arrived < begin)

    def _is_passed(self, uid: int, arrived: datetime | None) -> bool:
        since = self.mailbox.take_from
        if since is None or uid >= self.mailbox.begin_uid:
            return False
        return arrived is not None and arrived < since

    def _last_uid(self) -> int:
        return max(self.client.search(["UID", "*"]), default=0)

    def _small_groups(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """What one answer brings is about a piece in size, so that the lease is kept on a slow line, too."""
        group, size = list[int](), 0
        for uid in uids:
            if group and size + self.sizes.get(uid, 0) > PIECE_BYTES:
                yield group
                group, size = [], 0
            group.append(uid)
            size += self.sizes.get(uid, 0)
        if group:
            yield group

    def _whole(self, uid: int, beginning: bytes, *, most: int) -> Message | None:
        """A message of which the first piece was read, in part where more than `most` bytes of it come.

        None where a later piece is not to be had.
        """
        spool, piece, pieces = Spool(), beginning, 1
        try:
            spool.add(piece)
            while len(spool) <= most and self._may_go_on(uid, piece, read=len(spool)):
                more = self._pieces([uid], start=len(spool)).get(uid) if pieces < PIECES_MOST else None
                if more is None:
                    return None
                piece, pieces = more, pieces + 1
                spool.add(piece)
        except NoRoomError as error:
            logger.error("mailbox %s: message %d: %s", self.mailbox, uid, error)
            return None
        if len(spool) > most:
            return Message(Spool(spool[:BEGINNING_BYTES]), size=len(spool), is_whole=False)
        return Message(spool, size=len(spool))

    def _may_go_on(self, uid: int, piece: bytes, *, read: int) -> bool:
        """A piece that is no full one is the last one by the announced size; else just an empty one is."""
        return len(piece) == PIECE_BYTES or (bool(piece) and self.sizes.get(uid, 0) > read)

    def _pieces(self, uids: Sequence[int], *, start: int) -> dict[int, bytes]:
        """Without those that the server does not give.

        NIL says so, too, where there must be more by the announced size; so does an empty beginning.
        """
        key = f"BODY[]<{start}>".encode()
        answer = self._ask(uids, [f"BODY.PEEK[]<{start}.{PIECE_BYTES}>"])
        self.keep()
        pieces = {uid: values[key] for uid, values in answer.items() if key in values}
        return {
            uid: piece or b""
            for uid, piece in pieces.items()
            if piece or self.sizes.get(uid, 0) <= start or (start and piece is not None)
        }

    def _ask(self, uids: Sequence[int], what: list[str]) -> dict[int, dict[bytes, Any]]:
        """A server says NO to all when it can't give one: then each is asked for alone."""
        if not uids:
            return {}
        try:
            answer = self.client.fetch(list(uids), what)
            return {uid: answer[uid] for uid in uids if uid in answer}
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            self.client.forget_messages()
            if len(uids) == 1:
                logger.warning("mailbox %s: message %d: %s", self.mailbox, uids[0], error)
                return {}
        return {uid: values for single in uids for uid, values in self._ask([single], what).items()}

    def _leave_open(self, uid: int) -> None:
        """It may also have been deleted a moment ago; then the next look does not find it any more."""
        logger.warning("mailbox %s: message %d can't be read", self.mailbox, uid)
        self.open = min(uid, self.open)

    def _delete(self, uids: list[int]) -> None:
        """Remove just these: a plain EXPUNGE would remove what others have marked (RFC 4315)."""
        self.client.add_flags(uids, [DELETED], silent=True)
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge(uids)
        else:
            self.client.expunge()

    def _move(self, uids: list[int]) -> None:
        target = self.mailbox.move_to
        if not self.client.folder_exists(target):
            self.client.create_folder(target)
        if self.client.has_capability("MOVE"):
            self.client.move(uids, target)
        else:
            self.client.copy(uids, target)
            self._delete(uids)


@contextmanager
def open_imap(mailbox: Mailbox, *, password: str, just_look: bool) -> Iterator[ImapFolder]:
    """A signed-in session with the folder selected; raises `MailboxError` for what can go wrong."""
    try:
        with clear_sentences(mailbox), _connect(mailbox) as client:
            sign_in(client, mailbox, password=password)
            yield _select(client, mailbox, just_look=just_look)
    except IMAPClientError as error:
        raise broke_off(mailbox, error=error) from error


def _number(value: Any) -> int:
    """A number of 32 bits (RFC 9051, 9); raises `ValueError` for what is none."""
    number = int(value)
    if not 0 <= number < FIRST_UNSEEN:
        raise ValueError(f"{number} is no number of IMAP")
    return number


def _connect(mailbox: Mailbox) -> IdleClient:
    context = tls_context(mailbox)
    client = IdleClient(
        mailbox.host,
        port=mailbox.port,
        ssl=mailbox.security == Security.TLS,
        ssl_context=context,
        timeout=TIMEOUT,
    )
    client.normalise_times = False  # dates keep their zones
    if mailbox.security == Security.STARTTLS:
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):  # where TLS failed, its socket is closed already
                client.shutdown()
            raise
    return client


def _select(client: IdleClient, mailbox: Mailbox, *, just_look: bool) -> ImapFolder:
    try:
        answer = client.select_folder(mailbox.folder, readonly=just_look or mailbox.after == After.LEAVE)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise MailboxError(
            _("There is no folder %(folder)s on %(host)s, or it can't be opened.")
            % {"folder": mailbox.folder, "host": mailbox.host}
        ) from error
    return ImapFolder(mailbox, client=client, answer=answer)
