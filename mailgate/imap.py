"""Talking to an IMAP server (RFC 9051, 4315, 6851): which messages there are, their bytes, and telling it."""

import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _
from imapclient import DELETED, SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from mailgate.models import Mailbox

PIECE_BYTES = 1024 * 1024
TIMEOUT = SocketTimeout(connect=10, read=60)

Security = Mailbox.Security
After = Mailbox.After


class MailboxError(Exception):
    """The mailbox can't be read; the text is one translated sentence that says what to mend."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was opened. UIDs mean something only together with `uid_validity`."""

    client: IMAPClient
    uid_validity: int
    mailbox: Mailbox

    def uids_from(self, lowest: int) -> list[int]:
        """The UIDs from `lowest` on, ascending, whoever has read them; asking 'n:*' always gives the last."""
        found = self.client.search(["UID", f"{max(lowest, 1)}:*"])
        return sorted(uid for uid in found if uid >= lowest)

    def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """The size in bytes of each message that is still there."""
        found = self.client.fetch(list(uids), ["RFC822.SIZE"])
        return {uid: values[b"RFC822.SIZE"] for uid, values in found.items() if b"RFC822.SIZE" in values}

    def read(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The bytes of each message that is still there, in pieces of 1 MB, without marking it as read.

        Read until the server has no more: some servers announce a wrong size.
        """
        pieces = {uid: [piece] for uid, piece in self._pieces(uids, start=0).items()}
        for uid, found in pieces.items():
            while len(found[-1]) == PIECE_BYTES:
                found.append(self._pieces([uid], start=len(found) * PIECE_BYTES).get(uid, b""))
        return {uid: b"".join(found) for uid, found in pieces.items()}

    def read_beginning(self, uid: int) -> bytes:
        """The first 1 MB of a message that is too big for us."""
        return self._pieces([uid], start=0).get(uid, b"")

    def _pieces(self, uids: Sequence[int], *, start: int) -> dict[int, bytes]:
        answer = self.client.fetch(list(uids), [f"BODY.PEEK[]<{start}.{PIECE_BYTES}>"])
        key = f"BODY[]<{start}>".encode()
        return {uid: values[key] or b"" for uid, values in answer.items() if key in values}

    def tell(self, uids: list[int]) -> None:
        """Do with messages that are kept what the mailbox says: nothing, mark, delete or move."""
        if not uids or self.mailbox.after == After.LEAVE:
            return
        if self.mailbox.after == After.MARK:
            self.client.add_flags(uids, [SEEN], silent=True)
        elif self.mailbox.after == After.DELETE:
            self._delete(uids)
        else:
            self._move(uids)

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
def open_folder(mailbox: Mailbox) -> Iterator[Folder]:
    """Connect, sign in and open the mailbox's folder; whatever goes wrong, then or later: `MailboxError`."""
    words = {"host": mailbox.host, "port": mailbox.port, "folder": mailbox.folder}
    try:
        with _connect(mailbox) as client:
            client.login(mailbox.username, mailbox.password)
            yield _select(client, mailbox)
    except (LoginError, UnicodeEncodeError) as error:
        raise MailboxError(_("%(host)s refuses the user name or the password.") % words) from error
    except socket.gaierror as error:
        raise MailboxError(_("There is no server named %(host)s.") % words) from error
    except ssl.SSLCertVerificationError as error:
        words["reason"] = error.verify_message
        raise MailboxError(
            _("The certificate of %(host)s can't be trusted (%(reason)s). Have it mended.") % words
        ) from error
    except ssl.SSLError as error:
        raise MailboxError(_("%(host)s does not speak TLS on port %(port)s.") % words) from error
    except ConnectionRefusedError as error:
        raise MailboxError(_("%(host)s refuses connections on port %(port)s.") % words) from error
    except TimeoutError as error:
        raise MailboxError(_("%(host)s does not answer on port %(port)s.") % words) from error
    except (OSError, IMAPClientError) as error:
        words["error"] = str(error)
        raise MailboxError(_("%(host)s broke off: %(error)s") % words) from error


def _connect(mailbox: Mailbox) -> IMAPClient:
    context = ssl.create_default_context()
    if not mailbox.check_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = IMAPClient(
        mailbox.host,
        port=mailbox.port,
        ssl=mailbox.security == Security.TLS,
        ssl_context=context,
        timeout=TIMEOUT,
    )
    if mailbox.security == Security.STARTTLS:
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):  # where TLS failed, its socket is closed already
                client.shutdown()
            raise
    return client


def _select(client: IMAPClient, mailbox: Mailbox) -> Folder:
    try:
        answer = client.select_folder(mailbox.folder, readonly=mailbox.after == After.LEAVE)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise MailboxError(
            _("There is no folder %(folder)s on %(host)s, or it can't be opened.")
            % {"folder": mailbox.folder, "host": mailbox.host}
        ) from error
    return Folder(client=client, uid_validity=int(answer[b"UIDVALIDITY"]), mailbox=mailbox)
