"""The header block of a mail or part: its lines by name, and their bytes as text.

Python's own parser ends the headers at the first line that is none; this one takes such a line for a
continuation whose indentation got lost, for that is what broken relays make of long lines. `separation` tells
where the words begin without an empty line before them.
"""

import re
from typing import Final

from mailgate.parse.charsets import decode_header
from mailgate.parse.params import with_extended_encoded
from mailgate.parse.words import decode_words, with_bytes_encoded

# CR and LF may each be alone, and programs that write CRLF as a text's line end make CR CR LF of it. Written
# so that few places are tried: every mail is searched for its first empty line.
_LINE_END = re.compile(rb"\r(?:\r{0,3}+\n)?+|\n")
_BLANK_LINE = re.compile(rb"[\r\n](?:(?<=\r)\r{0,3}+\n)?+(?>\r{0,3}+\n|\r)")
_FIRST_LINE_END = re.compile(rb"\A(?>\r{0,3}+\n|\r)")
_NAME = re.compile(rb"[!-9;-~]{1,100}+")
_MAX_VALUES: Final = 1000  # of one name


class Headers:
    """The headers of one mail or part; the values, unfolded, as bytes, by lower-case name.

    `charset` is what raw bytes are read by that are no UTF-8: that of the mail's own text, where it says one.
    """

    __slots__ = ("_values", "charset", "is_broken")

    def __init__(self, block: bytes, *, charset: str = "") -> None:
        self.charset = charset
        self._values: dict[bytes, list[bytes]] = {}
        self.is_broken = not self._read(block) and bool(block)

    def __bool__(self) -> bool:
        return bool(self._values)

    @property
    def names(self) -> tuple[bytes, ...]:
        """The names, each once, in the order in which they first come."""
        return tuple(self._values)

    def first(self, name: bytes) -> str:
        """The first header of that name as text, encoded words not yet decoded; empty if there is none."""
        values = self._values.get(name)
        return self._text(values[0]) if values else ""

    def all(self, name: bytes) -> list[str]:
        """All headers of that name as text, encoded words not yet decoded."""
        return [self._text(value) for value in self._values.get(name, ())]

    def decoded(self, name: bytes) -> str:
        """The first header of that name with its encoded words decoded."""
        return decode_words(self.first(name))

    def has(self, name: bytes) -> bool:
        return name in self._values

    def _text(self, value: bytes) -> str:
        if value.isascii() and b"\x1b" not in value:
            return value.decode("ascii")
        return decode_header(with_extended_encoded(with_bytes_encoded(value)), charset=self.charset)

    def _read(self, block: bytes) -> bool:
        """Sort the lines by name; false if there are lines that belong to none."""
        if b"\r" in block:
            block = _LINE_END.sub(b"\n", block)
        well_formed = True
        pieces: list[bytes] = []
        name = b""
        for line in block.removesuffix(b"\n").split(b"\n"):
            before, colon, value = line.partition(b":")
            indented = line[:1] in {b" ", b"\t"}
            # `https://…` is no header, though it looks like one: words may begin with it.
            if indented or not colon or value[:2] == b"//" or not _NAME.fullmatch(before := before.rstrip()):
                well_formed = well_formed and bool(name) and indented
                pieces.append(line if indented else b" " + line)
                continue
            self._keep(name, pieces)
            name, pieces = before.lower(), [value]
        self._keep(name, pieces)
        return well_formed

    def _keep(self, name: bytes, pieces: list[bytes]) -> None:
        if not name:
            return
        values = self._values.setdefault(name, [])
        if len(values) < _MAX_VALUES:
            values.append((b"".join(pieces) if len(pieces) > 1 else pieces[0]).strip())


def end_of_headers(raw: bytes, *, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends and where its body begins."""
    if first := _FIRST_LINE_END.match(raw[start : start + 5]):
        return start, min(start + first.end(), end)
    blank = _BLANK_LINE.search(raw, start, end)
    return (blank.start(), blank.end()) if blank else (end, end)
