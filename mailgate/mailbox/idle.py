"""IMAP IDLE (RFC 2177) that misses nothing, also not what is said between two commands."""

import imaplib
import select

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mailgate.mailbox.imap_answers import MeasuredPlain, MeasuredTls

NOTHING = [None]


class IdleClient(IMAPClient):  # type: ignore[misc]  # (IMAPClient ships no types)
    """IMAPClient waits for the socket only: it is deaf to an arrival that came with another answer."""

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  (IMAPClient's name)
        """As IMAPClient does, but answers have an end."""
        if self.ssl:
            return MeasuredTls(  # type: ignore[call-arg]  # imapclient's arguments, and it ships no types
                self.host, self.port, self.ssl_context, self._timeout.connect
            )
        return MeasuredPlain(self.host, self.port, self._timeout.connect)

    def forget_news(self) -> None:
        """From here on, arrivals count as news."""
        self._imap.response("EXISTS")

    def forget_messages(self) -> None:
        """What came of messages before a command failed does not belong to the next one's answer."""
        self._imap.response("FETCH")

    def idle(self) -> None:
        """Enter IDLE; a server may speak of messages before it says that it idles, which is no error."""
        imap = self._imap
        self._idle_tag = imap._command("IDLE")  # noqa: SLF001  (as IMAPClient's own `idle` does)
        while imap._get_response() is not None:  # noqa: SLF001  (None: the server idles)
            if imap.tagged_commands.get(self._idle_tag):
                raise IMAPClientError("IDLE was refused")

    def hears(self, *, seconds: float, wake: int) -> bool:
        """While in IDLE: whether the server has said something, within so many seconds; `wake` ends it."""
        if self._imap.response("EXISTS")[1] != NOTHING or self._is_buffered():
            return True
        sock = self.socket()
        poller = select.poll()  # `select` would end at 1,024 open files
        for file in (sock.fileno(), wake):
            poller.register(file, select.POLLIN)
        return any(file == sock.fileno() for file, _event in poller.poll(seconds * 1000))

    def _is_buffered(self) -> bool:
        """Whether a line was read along with an earlier answer, which the socket will not tell of again."""
        sock = self.socket()
        sock.settimeout(0)
        try:
            return bool(self._imap.file.peek(1))
        except OSError:  # nothing there: a plain socket gives b"", one with TLS raises
            return False
        finally:
            self._set_read_timeout()
