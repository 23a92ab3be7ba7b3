"""The end of a mail in an SMTP session, and the dots that the sender's side put into it (RFC 5321, 4.5.2)."""

LINE_END = b"\r\n"
END = b"\r\n.\r\n"


class MailReader:
    """Takes what comes after DATA, piece by piece, however it is cut, until the mail is complete.

    Only CRLF ends a line: where others take a lone LF for one, a mail could smuggle in another.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self.rest = b""
        self._open, self._skip = LINE_END, len(LINE_END)  # a dot may stand on the very first line

    def feed(self, piece: bytes) -> bytes:
        """What of the mail is certain now; `rest` is what came behind its end."""
        data = self._open + piece
        end = data.find(END)
        if end >= 0:
            self.is_complete, self.rest = True, data[end + len(END) :]
            return self._without_dots(data[: end + len(LINE_END)])
        held = next((n for n in range(len(END) - 1, 0, -1) if data.endswith(END[:n])), 0)
        certain = len(data) - held
        self._open = data[certain:]
        return self._without_dots(data[:certain])

    def _without_dots(self, data: bytes) -> bytes:
        if not data:
            return data
        text = data.replace(b"\r\n.", LINE_END)[self._skip :]
        self._skip = 0
        return text
