"""How much a mail server may say in one reply: smtplib reads all of it, into memory."""

import smtplib
from typing import IO

REPLY_BYTES = 256 * 1024


class Measured(smtplib.SMTP):
    """Ends a session whose reply is longer than any honest one, as if the line had broken."""

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; raises `SMTPServerDisconnected` for one without end."""
        if self.file is None and self.sock is not None:
            self.file = MeasuredReplies(self.sock.makefile("rb"))
        if isinstance(self.file, MeasuredReplies):
            self.file.left = REPLY_BYTES
        return super().getreply()


class MeasuredReplies:
    """What a server says, line by line; `left` is what it may say yet."""

    def __init__(self, file: IO[bytes]) -> None:
        self.left, self._file = REPLY_BYTES, file

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
