"""What a mail says and what it brings along: its parts sorted into a text, an HTML and files.

The parts are read in their order into segments, each with a text, an HTML or both (the alternatives of one
thing). The mail's text is that of all segments; its HTML too, where at least one has any.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

from mailgate.parse import notes
from mailgate.parse.files import File, cut_out_uuencoded, file_of
from mailgate.parse.headers import Headers
from mailgate.parse.parsed import ParsedAttachment
from mailgate.parse.structure import Part
from mailgate.parse.texts import read_html, read_text
from richtext.images import shown_images
from richtext.plain import html_to_text

MAX_CHARACTERS: Final = 1_000_000
MAX_FILES: Final = 200

# The same as text or HTML once more, for a watch or with moving parts: nobody misses them.
_SUPERFLUOUS = frozenset({"text/x-amp-html", "text/watch-html"})
# Texts that are data for a program, even where they stand alone.
_DATA = frozenset({
    "text/calendar", "text/csv", "text/directory", "text/rfc822-headers", "text/rtf", "text/vcard",
    "text/x-vcard", "text/xml",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """The text, its raw HTML or None, whether either was cut, and the files."""

    text: str
    html: str | None
    is_cut: bool
    files: tuple[ParsedAttachment, ...]


@dataclass(slots=True)
class _Segment:
    text: str | None
    html: str | None = None


def read_content(root: Part, *, raw: bytes, found: set[str]) -> Content:
    """The content of the mail whose tree this is; codes of what was repaired are added to `found`."""
    reader = _Reader(raw, found, headers=root.headers)
    reader.read(root, is_alone=True)
    html = _joined_html(reader.segments)
    if html is not None and len(html) > MAX_CHARACTERS:
        html = html[:MAX_CHARACTERS]
        found.add(notes.BODY_CUT)
    text = _joined_text(reader.segments)
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        found.add(notes.BODY_CUT)
    shown = shown_images(html or "", reader.files, is_clean=False).values()
    files = tuple(file.as_attached(inline=file in shown) for file in reader.files)
    return Content(text, html, notes.BODY_CUT in found, files)


class _Reader:
    """The segments and files so far; the mail's headers get the charset that its HTML alone may name."""

    def __init__(self, raw: bytes, found: set[str], *, headers: Headers) -> None:
        self._headers = headers
        self._raw = raw
        self._found = found
        self.segments: list[_Segment] = []
        self.files: list[File] = []

    def read(self, part: Part, *, is_alone: bool = False) -> None:
        """Read a part; `is_alone` where it is not one of several different things."""
        if part.children and part.content_type == "multipart/alternative":
            self._read_alternatives(part)
        elif part.children:
            for child in part.children:
                self.read(child, is_alone=is_alone and len(part.children) == 1)
        elif part.content_type == "text/html" and _is_body(part, is_alone=is_alone):
            self._add(_Segment(None, read_html(part, raw=self._raw, found=self._found)))
            self._headers.charset = self._headers.charset or part.headers.charset
        elif _is_body(part, is_alone=is_alone):
            self._read_text(part)
        elif part.content_type not in _SUPERFLUOUS:
            self._add_file(file_of(part, raw=self._raw, found=self._found))

    def _read_alternatives(self, part: Part) -> None:
        """One segment of what says the same in several ways: the texts, and the last HTML."""
        before, self.segments = self.segments, []
        ways = []
        for child in part.children:
            self.read(child, is_alone=True)
            ways.append(self.segments)
            self.segments = []
        self.segments = before
        texts = [_joined_text(way) for way in ways if _joined_html(way) is None]
        text = "\n\n".join(dict.fromkeys(text for text in texts if text))
        html = next((html for way in reversed(ways) if (html := _joined_html(way)) is not None), None)
        self._add(_Segment(text or None, html))

    def _read_text(self, part: Part) -> None:
        text = read_text(part, raw=self._raw, found=self._found)
        text, files = cut_out_uuencoded(text, found=self._found)
        self._add(_Segment(text))
        for file in files:
            self._add_file(file)

    def _add(self, segment: _Segment) -> None:
        has_text = segment.text is not None and bool(segment.text.strip())
        if has_text or (segment.html is not None and segment.html.strip()):
            self.segments.append(segment)

    def _add_file(self, file: File) -> None:
        if len(self.files) < MAX_FILES:
            self.files.append(file)
        else:
            self._found.add(notes.ATTACHMENTS_CUT)


def _is_body(part: Part, *, is_alone: bool) -> bool:
    """Whether this is meant to be read in the mail itself; a text with a name of its own is a file."""
    kind, _slash, subtype = part.content_type.partition("/")
    if kind != "text" or part.is_too_deep or part.content_type in _DATA | _SUPERFLUOUS:
        return False
    has_name = "filename" in part.disposition_parameters or "name" in part.parameters
    if part.disposition not in {"", "inline"}:
        return is_alone and not has_name
    return is_alone or (subtype in {"plain", "html"} and not has_name)


def _joined_text(segments: list[_Segment]) -> str:
    texts = (
        segment.text if segment.text is not None else html_to_text((segment.html or "")[:MAX_CHARACTERS])
        for segment in segments
    )
    return "\n\n".join(stripped for text in texts if (stripped := text.rstrip().lstrip("\n")))


def _joined_html(segments: list[_Segment]) -> str | None:
    if all(segment.html is None for segment in segments):
        return None
    return "\n".join(
        _paragraph(segment.text or "") if segment.html is None else segment.html for segment in segments
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"
