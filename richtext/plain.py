"""HTML read aloud: the plain text that a person would have typed. No Django here, no recursion."""

import re
from typing import Final

from richtext.tokens import END, START, TEXT, attributes_of, tokens, unescape

_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"}
)
_LINES = frozenset({
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt", "figcaption",
    "figure", "footer", "form", "header", "html", "li", "main", "nav", "option", "section", "summary", "tr",
})  # fmt: skip
_MAX_QUOTES: Final = 50
_MAX_INDENT: Final = 20

# Newsletters fill the preview of a mail program with these.
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\ufeff]+")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_LINKABLE = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """Readable plain text: paragraphs, '- ' lists, 'text <address>' links, '> ' quotes, a row a line."""
    reader = _Reader()
    for kind, value, attributes in tokens(html):
        if kind == TEXT:
            reader.text(value)
        elif kind == START:
            reader.start(value, attributes)
        elif kind == END:
            reader.end(value)
    return reader.finish()


def is_blank(html: str) -> bool:
    """Whether this HTML says nothing: it has no text and no image."""
    return "<img" not in html and not html_to_text(html).strip()


def _quoted(line: str, *, quotes: int) -> str:
    return f"{'>' * min(quotes, _MAX_QUOTES)} {line}".rstrip() if quotes else line


def breaks_line(name: str) -> bool:
    """Whether a tag of this name begins or ends a line."""
    return name in _PARAGRAPHS or name in _LINES or name in {"br", "hr"}


class _Reader:
    """Lines that are ready, the line that grows, and the quotes, lists and link around it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._has_text = False
        self._space = False  # a space is due before the next word
        self._blank: int | None = None  # an empty line is due before the next line, inside so many quotes
        self._cell = False  # ' | ' is due before the next word
        self._quotes = 0
        self._preformatted = 0
        self._lists: list[int | None] = []  # next number, or none for dots
        self._bullet = ""
        self._link: str | None = None
        self._link_from = 0

    def start(self, name: str, attributes: str) -> None:
        if name == "br":
            self._new_line(even_if_empty=True)
        elif name in _PARAGRAPHS:
            self._start_paragraph(name)
        elif name in _LINES:
            self._new_line()
            if name == "li":
                self._start_item()
        elif name in {"td", "th"}:
            self._cell = self._has_text
        elif name == "hr":
            self._paragraph()
            self._write("---")
            self._paragraph()
        elif name == "a":
            self._end_link()
            self._link = attributes_of(attributes).get("href", "").strip()
            self._link_from = len(self._line)
        elif name == "img":
            self._image(attributes_of(attributes).get("alt", "").strip())

    def end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name in _PARAGRAPHS:
            self._paragraph()
            if name == "blockquote":
                self._quotes = max(self._quotes - 1, 0)
            elif name == "pre":
                self._preformatted = max(self._preformatted - 1, 0)
            elif name in {"ul", "ol"} and self._lists:
                self._lists.pop()
        elif name in _LINES:
            self._new_line()

    def text(self, written: str) -> None:
        text = unescape(written)
        if not text.isascii():
            text = INVISIBLE.sub("", text)
        if self._preformatted:
            self._write_as_it_is(text)
        elif words := " ".join(text.split()):
            if text[0].isspace():
                self._space = self._has_text
            self._write(words)
            self._space = text[-1].isspace()
        elif text:
            self._space = self._has_text

    def finish(self) -> str:
        self._new_line()
        return "\n".join(self._lines).strip("\n")

    def _write(self, words: str) -> None:
        if not words:
            return
        if not self._has_text and self._bullet:
            self._line.append(self._bullet)
            self._bullet = ""
        if self._cell:
            self._line.append(" | ")
        elif self._space:
            self._line.append(" ")
        self._cell = self._space = False
        self._line.append(words)
        self._has_text = True

    def _write_as_it_is(self, text: str) -> None:
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._write(first)
        for line in others:
            self._new_line(even_if_empty=True)
            self._write(line)

    def _image(self, description: str) -> None:
        if description:
            self._write(f"[{' '.join(description.split())}]")

    def _new_line(self, *, even_if_empty: bool = False) -> None:
        line = "".join(self._line).rstrip()
        if line or even_if_empty:
            if self._blank is not None and self._lines:
                self._lines.append(_quoted("", quotes=min(self._blank, self._quotes)))
            self._blank = None
            self._lines.append(_quoted(line, quotes=self._quotes))
        self._line = []
        self._has_text = self._space = self._cell = False
        self._link_from = 0

    def _paragraph(self) -> None:
        self._new_line()
        if not self._lists:
            self._blank = self._quotes if self._blank is None else min(self._blank, self._quotes)

    def _start_paragraph(self, name: str) -> None:
        self._paragraph()
        if name == "blockquote":
            self._quotes += 1
        elif name == "pre":
            self._preformatted += 1
        elif name in {"ul", "ol"}:
            self._lists.append(1 if name == "ol" else None)

    def _start_item(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        indent = "  " * min(max(len(self._lists) - 1, 0), _MAX_INDENT)
        self._bullet = f"{indent}{'- ' if number is None else f'{number}. '}"

    def _end_link(self) -> None:
        address, self._link = self._link, None
        if not address or not _LINKABLE.match(address):
            return
        shown = _MAILTO.sub("", address)
        label = "".join(self._line[self._link_from :]).strip(" |").rstrip("/")
        without_scheme = shown.partition("://")[2]
        if label in {shown.rstrip("/"), shown.split("?")[0], without_scheme.rstrip("/")}:
            return
        self._space = self._has_text
        self._write(f"<{shown}>")
