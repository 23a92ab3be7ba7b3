"""The tree of a mail's parts, as places in its bytes: nothing is copied, nothing is decoded.

Python's parser is not used for it. It goes line by line, takes quadratic time and runs out of stack on nested
parts, and does not keep the bytes of an attached mail, which we do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailgate.parse import notes
from mailgate.parse.headers import Headers, end_of_headers
from mailgate.parse.params import parse_parameters

MAX_PARTS: Final = 500
MAX_DEPTH: Final = 20

# What may follow a boundary on its line (RFC 2046 5.1.1): the dashes of the last one, spaces that relays add.
_AFTER_BOUNDARY = re.compile(rb"(--)?+[ \t]*+(?:\r\n|\r|\n|\Z)")
_BOUNDARY_LIKE = re.compile(rb"(?<=[\r\n])--([^\r\n]{1,200}+)(?=[\r\n])")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,70}+/[a-z0-9!#$&^_.+-]{1,70}+")
_MISNAMED = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "plain/text": "text/plain"}


@dataclass(slots=True)
class Part:
    """One part: its headers, and where it, its body and its end are; `children` of a multipart only."""

    headers: Headers
    start: int
    body: int
    end: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    is_too_deep: bool = False
    children: list["Part"] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        """The Content-Transfer-Encoding in lower case, without comments."""
        return self.headers.first(b"content-transfer-encoding").lower().partition(" ")[0].strip(";\"' ")


def read_structure(raw: bytes, *, found: set[str]) -> Part:
    """The mail as a tree; codes of what was broken or cut are added to `found`."""
    return _Builder(raw, found).part(start=0, end=len(raw), depth=0, default_type="text/plain")


class _Builder:
    """Counts the parts while the tree grows."""

    def __init__(self, raw: bytes, found: set[str]) -> None:
        self._raw = raw
        self._found = found
        self._parts = 0

    def part(self, *, start: int, end: int, depth: int, default_type: str) -> Part:
        self._parts += 1
        headers_end, body = end_of_headers(self._raw, start=start, end=end)
        headers = Headers(self._raw[start:headers_end])
        if headers.is_broken:
            self._found.add(notes.HEADERS_BROKEN)
            body = body if headers else start
        content_type, parameters = _content_type(headers, default=default_type)
        disposition, disposition_parameters = parse_parameters(headers.first(b"content-disposition"))
        part = Part(headers, start, body, end, content_type, parameters, disposition, disposition_parameters)
        if content_type.startswith("multipart/"):
            if depth >= MAX_DEPTH:
                part.is_too_deep = True
                self._found.add(notes.NESTING_CUT)
            else:
                self._read_children(part, depth=depth)
        return part

    def _read_children(self, part: Part, *, depth: int) -> None:
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        for start, end in self._places(part, boundary) or self._guessed_places(part):
            if self._parts >= MAX_PARTS:
                self._found.add(notes.PARTS_CUT)
                return
            part.children.append(self.part(start=start, end=end, depth=depth + 1, default_type=default))
        if not part.children:
            self._found.add(notes.STRUCTURE_BROKEN)
            part.content_type = "text/plain"

    def _places(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts between the boundaries are; one more than are allowed at most."""
        places: list[tuple[int, int]] = []
        if not boundary:
            return places
        begin = -1
        for line_start, line_end, is_last in _delimiters(self._raw, boundary, part):
            if begin >= 0:
                places.append((begin, max(begin, _before_line_end(self._raw, line_start))))
            begin = -1 if is_last else line_end
            if is_last or len(places) > MAX_PARTS:
                break
        if 0 <= begin < part.end:  # the last boundary is missing
            places.append((begin, part.end))
        return places

    def _guessed_places(self, part: Part) -> list[tuple[int, int]]:
        """The same by the first line that looks like a boundary, where the header names no right one."""
        line = _BOUNDARY_LIKE.search(self._raw, max(part.body - 1, 0), part.end)
        if line is None or self._raw.find(line[0].rstrip(), line.end(), part.end) < 0:
            return []  # a line that comes once separates nothing
        self._found.add(notes.STRUCTURE_BROKEN)
        return self._places(part, line[1].rstrip())


def _delimiters(raw: bytes, boundary: bytes, part: Part) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each line that is this boundary, and whether it is the last one."""
    marker = b"--" + boundary
    position = part.body
    while (found := raw.find(marker, position, part.end)) >= 0:
        position = found + len(marker)
        rest = _AFTER_BOUNDARY.match(raw, position, part.end)
        if rest and (found == part.body or raw[found - 1] in b"\r\n"):
            yield found, rest.end(), rest[1] is not None


def _before_line_end(raw: bytes, position: int) -> int:
    """Before the line end that precedes `position`: it belongs to the boundary (RFC 2046 5.1.1)."""
    if raw[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1


def _content_type(headers: Headers, *, default: str) -> tuple[str, dict[str, str]]:
    header = headers.first(b"content-type")
    if not header:
        return default, {}
    content_type, parameters = parse_parameters(header)
    content_type = _MISNAMED.get(content_type, content_type)
    if not _TYPE.fullmatch(content_type):
        content_type = "application/octet-stream" if "name" in parameters else "text/plain"
    return content_type, parameters
