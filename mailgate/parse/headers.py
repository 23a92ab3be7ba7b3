"""The header block of a mail or part: its lines by name, and their bytes as text.

Python's own parser ends the headers at the first line that is none; this one takes such a line for a
continuation whose indentation got lost, for that is what broken relays make of long lines.
"""

import re
from typing import Final

from mailgate.parse.words import decode_words

_LINE_END = re.compile(rb"\r\n|\n|\r")
# An empty line; atomic, so that the two signs of one CRLF are not taken for two line ends.
_BLANK_LINE = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_FIRST_LINE_END = re.compile(rb"\A(?>\r\n|\n|\r)")
_NAME = re.compile(rb"[!-9;-~]{1,100}+")
_MAX_VALUES: Final = 1000  # of one name


class Headers:
    """The headers of one mail or part; the values, unfolded, as bytes, by lower-case name."""

    __slots__ = ("_values", "is_broken")

    def __init__(self, block: bytes) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        self.is_broken = not self._read(block) and bool(block)

    def __bool__(self) -> bool:
        return bool(self._values)

    def first(self, name: bytes) -> str:
        """The first header of that name as text, encoded words not yet decoded; empty if there is none."""
        values = self._values.get(name)
        return header_text(values[0]) if values else ""

    def all(self, name: bytes) -> list[str]:
        """All headers of that name as text, encoded words not yet decoded."""
        return [header_text(value) for value in self._values.get(name, ())]

    def decoded(self, name: bytes) -> str:
        """The first header of that name with its encoded words decoded."""
        return decode_words(self.first(name))

    def has(self, name: bytes) -> bool:
        return name in self._values

    def _read(self, block: bytes) -> bool:
        """Sort the lines by name; false if there are lines that belong to none."""
        if b"\r" in block:
            block = _LINE_END.sub(b"\n", block)
        well_formed = True
        pieces: list[bytes] = []
        name = b""
        for line in block.removesuffix(b"\n").split(b"\n"):
            before, colon, value = line.partition(b":")
            if line[:1] in {b" ", b"\t"} or not colon or not _NAME.fullmatch(before := before.rstrip()):
                well_formed = well_formed and bool(name) and line[:1] in {b" ", b"\t"}
                pieces.append(line if line[:1] in {b" ", b"\t"} else b" " + line)
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


def header_text(value: bytes) -> str:
    """A header's bytes as text: ASCII as it should be, else UTF-8 (RFC 6532), else windows-1252."""
    if value.isascii():
        return value.decode("ascii")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def end_of_headers(raw: bytes, *, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends and where its body begins."""
    if first := _FIRST_LINE_END.match(raw[start : start + 2]):
        return start, min(start + first.end(), end)
    blank = _BLANK_LINE.search(raw, start, end)
    return (blank.start(), blank.end()) if blank else (end, end)
