"""Talking to a POP3 server (RFC 1939, 2449, 2595): which messages there are, their bytes, deleting them.

A message is known by its UIDL. Where a server has none, or gives one to several messages (RFC 1939, 7 allows
it for equal ones), only the bytes tell: such a message is read at every poll and found in the ledger by its
digest, so that nothing is lost and nothing doubled.

A deletion holds once the server has answered QUIT. A session that ends otherwise deletes nothing, and the
next one finds the messages in the ledger and deletes them then.
"""

import hashlib
import logging
import poplib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property

from django.conf import settings

from blobs.spool import NoRoomError
from mailgate.mailbox.folder import BEGINNING_BYTES, SIZE_MOST, Boundary, Folder, Message, Unfetched
from mailgate.mailbox.pop3_session import (
    MESSAGES_MOST,
    arrival_of,
    connect,
    read_message,
    said,
    sign_in,
)
from mailgate.mailbox.sentences import broke_off, clear_sentences
from mailgate.models import InboundMessage, Mailbox, WasThere

logger = logging.getLogger(__name__)

BEGINNING_LINES = 20_000
LONGEST_NAME = 100


class Pop3Folder(Folder):
    """A maildrop as it was opened. Numbers are places in this session's list.

    The mark is the number and the digest of the names at the list's beginning that are settled and stay on
    the server: as long as the list begins with them, they cost nothing but the list itself.
    """

    way = InboundMessage.Way.POP3

    def __init__(self, mailbox: Mailbox, *, client: poplib.POP3) -> None:
        super().__init__(mailbox)
        self.client = client
        self.total = client.stat()[0]
        if self.total > MESSAGES_MOST:
            raise poplib.error_proto(f"more than {MESSAGES_MOST} messages")
        self.names = self._names() if self.total else {}
        self.can_resume = bool(self.names)
        self.repeated = {name for name, times in Counter(self.names.values()).items() if times > 1}
        self.deleted: set[int] = set()
        nameless = (number for number in range(1, self.total + 1) if self.identity(number) is None)
        self.open = next(nameless, self.total + 1)
        self.settled, self.staying, self.digest = 0, 0, self._seed()

    def count(self) -> int:
        """As the server says."""
        return self.total

    def boundary(self) -> Boundary:
        """Names don't ascend, so that each is noted."""
        identities = [self.identity(number) for number in range(1, self.total + 1)]
        return Boundary(identities=[name for name in identities if name], is_exact=None not in identities)

    def numbers(self) -> list[int]:
        """All behind the mark, if the list still begins as the mark says; else all."""
        marked = self.mailbox.settled_count
        if marked and marked < self.open:
            digest = self._seed()
            for number in range(1, marked + 1):
                digest.update(self._line(number))
            if digest.hexdigest() == self.mailbox.settled_digest:
                self.settled, self.staying, self.digest = marked, marked, digest
        return list(range(self.settled + 1, self.total + 1))

    def identity(self, number: int) -> str | None:
        """The UIDL; None where there is none that is this message's alone."""
        name = self.names.get(number)
        if name is None or name in self.repeated:
            return None
        if len(name) > LONGEST_NAME or not (name.isascii() and name.isprintable()):  # RFC 1939 has 70 signs
            name = hashlib.sha256(name.encode()).hexdigest()
        return f"{self.scope}:pop3:{name}"

    def unfetched(self, numbers: Sequence[int]) -> list[Unfetched]:
        """Without those that were there before and are not wanted."""
        names = {number: self.identity(number) for number in numbers}
        rows = WasThere.objects.filter(identity__in=[name for name in names.values() if name])
        was_there = {row.identity: row for row in rows}
        messages = (self._unfetched(number, was_there.get(names[number] or "")) for number in numbers)
        return [message for message in messages if message is not None]

    def read(self, numbers: Sequence[int]) -> dict[int, Message]:
        """What the server can't give now must not keep us from the others; it is asked for again.

        Where the line breaks, what came before is given; who goes on with the session meets it again.
        """
        messages = dict[int, Message]()
        for number in numbers:
            try:
                messages[number] = self._message(f"RETR {number}", most=settings.MAIL_MAX_BYTES)
            except (poplib.error_proto, NoRoomError) as error:
                self._leave_open(number, error=error)
            except OSError as error:
                if not messages:
                    raise
                self._leave_open(number, error=error)
                break
        return messages

    def read_beginning(self, number: int) -> Message | None:
        """By TOP, where a server has it and shows so much; else the rest is read, too, but not kept.

        A server may show less than it has: just RETR says what all of a message is.
        """
        with suppress(poplib.error_proto):
            message = self._message(f"TOP {number} {BEGINNING_LINES}", most=BEGINNING_BYTES)
            if not message.is_whole:
                return message
        try:
            return self._message(f"RETR {number}", most=BEGINNING_BYTES)
        except poplib.error_proto as error:
            self._leave_open(number, error=error)
        return None

    def was_told(self, number: int) -> bool:
        """What is still there was not deleted."""
        return False

    def tell(self, numbers: Iterable[int]) -> None:
        """Deleting is all that can be done; what can't be deleted stays, and is in the ledger."""
        if self.mailbox.after != Mailbox.After.DELETE:
            return
        for number in numbers:
            try:
                self.client.dele(number)
                self.deleted.add(number)
            except poplib.error_proto as error:
                logger.warning("mailbox %s: message %d can't be deleted: %s", self.mailbox, number, error)
                self.open = min(number, self.open)

    def mark(self, number: int) -> dict[str, object]:
        """Never past a message that could not be read or deleted, or that has no name of its own."""
        last = min(number, self.open - 1)
        for passed in range(self.settled + 1, last + 1):
            if passed not in self.deleted:
                self.digest.update(self._line(passed))
                self.staying += 1
        self.settled = max(self.settled, last)
        return {"settled_count": self.staying, "settled_digest": self.digest.hexdigest()}

    def _message(self, command: str, *, most: int) -> Message:
        self.keep()
        return read_message(self.client, command, most=most, now_and_then=self.keep)

    def _leave_open(self, number: int, *, error: Exception) -> None:
        logger.warning("mailbox %s: message %d can't be read: %s", self.mailbox, number, error)
        self.open = min(number, self.open)

    def _names(self) -> dict[int, str]:
        """Number → UIDL, as far as the server has any."""
        try:
            lines = self.client.uidl()[1]
        except poplib.error_proto:
            logger.warning("mailbox %s: no UIDL, so that all that stays is read at every poll", self.mailbox)
            return {}
        parts = [line.decode("latin-1").split(maxsplit=1) for line in lines]
        return {int(part[0]): part[1].strip() for part in parts if len(part) == 2 and part[0].isdecimal()}

    def _seed(self) -> "hashlib._Hash":
        """Another account, or another wish of what to do, begins another mark."""
        return hashlib.sha256(f"{self.scope} {self.mailbox.after}\n".encode())

    def _line(self, number: int) -> bytes:
        return f"{self.names.get(number, '')}\n".encode()

    @cached_property
    def _sizes(self) -> dict[int, int]:
        """Number → bytes; asked for once something is new."""
        parts = [line.split() for line in self.client.list()[1]]
        return {
            int(part[0]): min(int(part[1]), SIZE_MOST)
            for part in parts
            if len(part) > 1 and part[1].isdigit()
        }

    def _is_fetched_again(self, number: int) -> bool:
        """Its date is asked for only where it counts."""
        return self.mailbox.quiet_before is not None and self.is_fetched_again(
            arrival_of(self.client, number)
        )

    def _unfetched(self, number: int, was_there: WasThere | None) -> Unfetched | None:
        begin, since, size = self.mailbox.begin_at, self.mailbox.take_from, self._sizes.get(number, 0)
        if begin is None or (was_there is None and self.identity(number)):
            return Unfetched(number=number, size=size, is_old=self._is_fetched_again(number))
        if was_there is None:  # without a name, its date is all there is
            arrived = arrival_of(self.client, number)
            return Unfetched(number=number, size=size, is_old=arrived is not None and arrived < begin)
        if not was_there.is_passed and since is not None:
            arrived = arrival_of(self.client, number)
            if arrived is not None and arrived < since:
                was_there.is_passed = True
                was_there.save(update_fields=["is_passed"])
        return None if was_there.is_passed else Unfetched(number=number, size=size, is_old=True)


@contextmanager
def open_pop3(mailbox: Mailbox, *, password: str) -> Iterator[Pop3Folder]:
    """A signed-in session; deletes what was told only if all went well until the end.

    Raises `MailboxError` for what can go wrong.
    """
    try:
        with clear_sentences(mailbox):
            client = connect(mailbox)
            try:
                sign_in(client, mailbox, password=password)
                yield Pop3Folder(mailbox, client=client)
                client.quit()
            finally:
                client.close()
    except poplib.error_proto as error:
        raise broke_off(mailbox, error=said(error)) from error
