"""The texts that admins write: signatures, salutations, templates and auto-responses."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Final

from django.utils.html import urlize

from richtext.clean import clean_html
from richtext.convert import PARAGRAPH_END, is_blank
from richtext.tokens import START, TAG, TEXT, VOID, tokens, unescape

MAX_BYTES: Final = 10 * 1024

# A placeholder looks like a tag, and cleaning would take it for one.
_PLACEHOLDER = re.compile(r"<((?:KVV|OTRS|OTOBO)_[A-Za-z0-9_\[\]]+)>", re.IGNORECASE)
# A word that has one, but for what ends its sentence; `urlize` would write the placeholder otherwise.
_WORD_WITH_PLACEHOLDER = re.compile(
    r"((?<!\S)\S*<(?:KVV|OTRS|OTOBO)_[A-Za-z0-9_\[\]]+>(?:\S*[\w/])?)", re.IGNORECASE
)
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)(?=[\s/>])", re.IGNORECASE)

_IN_LINES = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
    "wbr",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "summary", "table", "ul",
})  # fmt: skip
_MAKES_LINES = _BLOCKS | {"body", "br", "head", "html", "script", "style", "tbody", "td", "th", "title", "tr"}
# Where one goes on writing at the end of a text: not in a table, and not in what somebody else said.
_WRITTEN_IN = frozenset({
    "address", "article", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "section",
    "ul",
})  # fmt: skip

_HERE: Final = "data-here"


class AdminTextTooLong(ValueError):
    """The text is over `MAX_BYTES`; it was not changed."""


def linkify_admin_text(html: str) -> str:
    """`html` as `as_blocks` has it, with its web and mail addresses as links.

    Raises `AdminTextTooLong` for more than 10 KB (10,240 bytes in UTF-8).
    """
    size = len(html.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise AdminTextTooLong(f"The text is {size} bytes long; at most {MAX_BYTES} are allowed.")
    return clean_html("".join(_with_links(as_blocks(html))))


@lru_cache(maxsize=256)  # the same few texts stand in every answer
def as_blocks(written: str) -> str:
    """What an admin wrote, whenever and however, as cleaned HTML that is blocks and nothing else.

    So nothing before or behind it runs on in its lines. Text without a tag, or with none that makes lines,
    is plain text: its line breaks are lines, empty ones part paragraphs. Placeholders come out as
    `&lt;KVV_…&gt;`.
    """
    text = _PLACEHOLDER.sub(r"&lt;\1&gt;", written).replace("\r\n", "\n").replace("\r", "\n")
    tags = {name.lower() for name in _TAG_NAME.findall(text)}
    if tags.isdisjoint(_MAKES_LINES) and "<!" not in text:
        text = _with_lines(escape(unescape(text)) if tags.isdisjoint(_IN_LINES) else text)
    return "".join(_in_blocks(clean_html(text)))


def blocks_of(html: str) -> list[str]:
    """HTML, cleaned, as its blocks; words outside of any stand in a paragraph."""
    return [block for block in _in_blocks(clean_html(html)) if block]


def with_place_to_write(blocks: str) -> str:
    """Cleaned blocks that say where one goes on writing: the last paragraph has the mark `data-here`.

    Where there is none (no text at all, a table or a quotation at the end) an empty line with it is added.
    Cleaning takes the mark away, so that it never leaves with a mail.
    """
    text = "" if is_blank(blocks) else blocks
    last, end = _last_block(text), f"<p {_HERE}><br></p>"
    return f"{text}{end}" if last is None else f"{text[:last]} {_HERE}{text[last:]}"


def _with_lines(text: str) -> str:
    """Text with tags of words alone: its line breaks as lines, empty ones as the end of a paragraph."""
    paragraphs = PARAGRAPH_END.split(text.strip("\n"))
    return "".join(f"<p>{'<br>'.join(paragraph.split(chr(10)))}</p>" for paragraph in paragraphs)


def _in_blocks(clean: str) -> Iterator[str]:
    """Cleaned HTML, piece by piece; words outside of any block get a paragraph, as in a browser's body."""
    loose: list[str] = []
    for name, html in _top(clean):
        if name in _BLOCKS:
            yield _paragraph(loose)
            loose = []
            yield html
        else:
            loose.append(html)
    yield _paragraph(loose)


def _top(clean: str) -> Iterator[tuple[str, str]]:
    """The elements of cleaned HTML that are in no other, as name and HTML; text between them has no name."""
    depth = start = 0
    for match in TAG.finditer(clean):
        is_end, name = bool(match[1]), match[2].lower()
        if not depth:
            yield "", clean[start : match.start()]
            start = match.start()
        if name not in VOID:
            depth += -1 if is_end else 1
        if not depth:
            yield name, clean[start : match.end()]
            start = match.end()
    yield "", clean[start:]


def _paragraph(loose: list[str]) -> str:
    html = "".join(loose).strip()
    if not html:
        return ""
    has_block = any(match[2].lower() in _BLOCKS for match in TAG.finditer(html))
    return f"<div>{html}</div>" if has_block else f"<p>{html}</p>"


def _last_block(clean: str) -> int | None:
    """Where attributes go on the block that the text ends in; None where one does not go on writing there."""
    around: list[tuple[str, int]] = []
    last: list[tuple[str, int]] = []
    position = 0
    for match in TAG.finditer(clean):
        is_end, name = bool(match[1]), match[2].lower()
        if clean[position : match.start()].strip() or name in VOID:
            last = [*around, (name, match.end(2))] if name == "hr" else list(around)
        position = match.end()
        if is_end and name in _BLOCKS and around:
            around.pop()
        elif name in _BLOCKS and name not in VOID:
            around.append((name, match.end(2)))
    return last[-1][1] if last and all(name in _WRITTEN_IN for name, _place in last) else None


def _with_links(html: str) -> Iterator[str]:
    """Cleaned HTML, piece by piece, with links in the text that stands in none."""
    is_link = False
    for kind, written, attributes in tokens(html):
        if kind != TEXT:
            is_link = (kind == START) if written == "a" else is_link
            yield f"<{'' if kind == START else '/'}{written}{attributes}>"
        elif is_link:
            yield written
        else:
            yield from map(_linked, _WORD_WITH_PLACEHOLDER.split(unescape(written)))


def _linked(text: str) -> str:
    if not _PLACEHOLDER.search(text):
        return str(urlize(text, autoescape=True))
    address = escape(text)
    return f'<a href="{address}">{address}</a>' if text.startswith(("http://", "https://")) else address
