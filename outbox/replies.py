"""How much a mail server may say in one reply, and how slowly: smtplib reads all of it, into memory."""

import smtplib
from io import BufferedReader

from work.pace import Pace, paced

REPLY_BYTES = 256 * 1024
REPLY_SECONDS = 660  # the longest that a server may take for one is 600: RFC 5321, 4.5.3.2.6


class Measured(smtplib.SMTP):
    """Ends a session whose reply is longer than any honest one, as if the line had broken."""

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; raises `SMTPServerDisconnected` for one without end."""
        if self.file is None and self.sock is not None:
            self.file = MeasuredReplies(self.sock.makefile("rb"))
        if isinstance(self.file, MeasuredReplies):
            self.file.left = REPLY_BYTES
            self.file.pace.waited = 0
        return super().getreply()


class MeasuredReplies:
    """What a server says, line by line; `left` is what it may say yet, `pace` how long it has taken."""

    def __init__(self, file: BufferedReader) -> None:
        self.left, self.pace = REPLY_BYTES, Pace(allowed=REPLY_SECONDS)
        self._file = paced(file, pace=self.pace)

    def readline(self, most: int) -> bytes:
        """The next line, as of a file."""
        line = self._file.readline(most)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("a reply without end")
        return line

    def close(self) -> None:
        """The session is over."""
        self._file.close()
