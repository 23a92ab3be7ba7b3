"""How much an IMAP server may say in answer to one command: imaplib reads all of it, into memory."""

import imaplib
from io import BufferedReader
from typing import Any

from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from work.pace import Pace, paced

LITERAL_BYTES = 32 * 1024 * 1024  # a batch of messages, each read by pieces of 1 MB
LINE_BYTES = 4 * 1024 * 1024
LINES = 100_000


class Measured(imaplib.IMAP4):
    """Ends a session whose answer to one command is more than any honest one.

    Before the first command (the greeting) the same holds.
    """

    literal_bytes_left, line_bytes_left, lines_left = LITERAL_BYTES, LINE_BYTES, LINES

    @property
    def file(self) -> BufferedReader:
        """What the server says; whatever takes its place, as by STARTTLS, keeps its pace."""
        return self._paced

    @file.setter
    def file(self, file: BufferedReader) -> None:
        self.pace: Pace = getattr(self, "pace", None) or Pace()
        self._paced = paced(file, pace=self.pace)

    def _command(self, name: str, *arguments: Any) -> Any:
        self.pace.asked()
        self.literal_bytes_left, self.line_bytes_left, self.lines_left = LITERAL_BYTES, LINE_BYTES, LINES
        return super()._command(name, *arguments)  # type: ignore[misc]  # imaplib's own, of which no stub tells

    def read(self, size: int) -> bytes:
        """A literal; its size is the server's word, so that it is asked before anything is read."""
        self.literal_bytes_left -= size
        self._require(self.literal_bytes_left)
        return super().read(size)

    def readline(self) -> bytes:
        """Any other part of an answer."""
        line = super().readline()
        self.line_bytes_left -= len(line)
        self.lines_left -= 1
        self._require(min(self.line_bytes_left, self.lines_left))
        return line

    def _require(self, left: int) -> None:
        if left < 0:
            raise self.abort("an answer without end")


class MeasuredPlain(IMAP4WithTimeout, Measured):  # type: ignore[misc]  # imapclient ships no types
    """Without TLS, at first or for ever."""


class MeasuredTls(IMAP4_TLS, Measured):  # type: ignore[misc]  # as above
    """With TLS from the start."""
