"""The tree of a mail's parts, as places in its bytes: nothing is copied, nothing is decoded.

Python's parser is not used for it. It goes line by line, takes quadratic time and runs out of stack on nested
parts, and does not keep the bytes of an attached mail, which we do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailgate.parse import notes
from mailgate.parse.charsets import codec_of
from mailgate.parse.headers import Headers, end_of_headers
from mailgate.parse.params import parse_parameters
from mailgate.parse.separation import may_hold_fields, words_begin

MAX_PARTS: Final = 500
MAX_DEPTH: Final = 20

# What may follow a boundary on its line (RFC 2046 5.1.1): the dashes of the last one, spaces that relays add.
_AFTER_BOUNDARY = re.compile(rb"(--)?+[ \t]*+(?:\r{0,3}+\n|\r|\Z)")
_BOUNDARY_LIKE = re.compile(rb"(?<=[\r\n])--([^\r\n]{1,200}+)(?=[\r\n])")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,70}+/[a-z0-9!#$&^_.+-]{1,70}+")
_AFTER_TYPE = re.compile(r"[\s(,]")  # a comment, or parameters without their semicolon
_KINDS = frozenset({"application", "audio", "font", "image", "message", "model", "video"})
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
    builder = _Builder(raw, found)
    root = builder.part(start=0, end=len(raw), depth=0, default_type="text/plain")
    root.headers.charset = builder.charset
    return root


class _Builder:
    """Counts the parts while the tree grows; `charset` is the first that one of them names."""

    def __init__(self, raw: bytes, found: set[str]) -> None:
        self._raw = raw
        self._found = found
        self._parts = 0
        self.charset = ""

    def part(self, *, start: int, end: int, depth: int, default_type: str) -> Part:
        self._parts += 1
        headers, body = self._headers(start=start, end=end, is_part=depth > 0)
        content_type, parameters = self._content_type(headers, default=default_type)
        disposition, disposition_parameters = parse_parameters(headers.first(b"content-disposition"))
        part = Part(headers, start, body, end, content_type, parameters, disposition, disposition_parameters)
        if content_type.startswith("multipart/"):
            if depth >= MAX_DEPTH:
                part.is_too_deep = True
                self._found.add(notes.NESTING_CUT)
            else:
                self._read_children(part, depth=depth)
        return part

    def _headers(self, *, start: int, end: int, is_part: bool) -> tuple[Headers, int]:
        """The headers of the part that begins at `start`, and where its body begins."""
        headers_end, body = end_of_headers(self._raw, start=start, end=end)
        block = self._raw[start:headers_end]
        headers = Headers(block, charset=self.charset)
        if headers.is_broken or headers_end == end or may_hold_fields(headers.names, is_part=is_part):
            words = words_begin(block, is_part=is_part, is_all=headers_end == end)
            if words is not None:
                self._found.add(notes.HEADERS_BROKEN)
                return Headers(block[:words], charset=self.charset), start + words
        if headers.is_broken:
            self._found.add(notes.HEADERS_BROKEN)
        return headers, body

    def _content_type(self, headers: Headers, *, default: str) -> tuple[str, dict[str, str]]:
        header = headers.first(b"content-type")
        if not header:
            return default, {}
        content_type, parameters = parse_parameters(header)
        if charset := parameters.get("charset"):
            self.charset = self.charset or (charset if codec_of(charset) else "")
            headers.charset = charset
            if not header.isascii():  # the name of a file, which is written in the charset that it names
                parameters = parse_parameters(headers.first(b"content-type"))[1]
        content_type = _MISNAMED.get(content_type, content_type)
        if not _TYPE.fullmatch(content_type):
            content_type = _AFTER_TYPE.split(content_type, maxsplit=1)[0]
        if not _TYPE.fullmatch(content_type):
            content_type = _whole_type(content_type, parameters)
        return content_type, parameters

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


def _whole_type(written: str, parameters: dict[str, str]) -> str:
    """A content type that is none, as what it was meant for."""
    kind, slash, _subtype = written.partition("/")
    is_file = bool(slash) and kind in _KINDS
    if kind == "multipart" or (not is_file and "boundary" in parameters):
        return "multipart/mixed"  # what every multipart is that is not known (RFC 2046 5.1.3)
    if is_file or "name" in parameters:
        return "application/octet-stream"
    return "text/plain"
