"""From HTML to text and back, and the small changes to cleaned HTML that showing and quoting it need."""

import re
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import unquote, urlsplit

from django.utils.html import urlize

from richtext.clean import MAX_CHARACTERS, clean_html
from richtext.plain import html_to_text, is_blank
from richtext.tokens import ATTRIBUTE, TAG, unescape

__all__ = [
    "has_remote_content",
    "hide_remote_content",
    "html_to_text",
    "is_blank",
    "quote_html",
    "quote_text",
    "rewrite_cids",
    "text_to_html",
]

# A longer word is no address that anybody follows, and urlize takes its time over it.
_MAX_LINKED_WORD: Final = 2048
_LONG_WORD = re.compile(rf"(?<!\S)\S{{{_MAX_LINKED_WORD},}}+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*+\n\s*+")

_REMOTE = re.compile(
    r"""[\s"'](?:src|srcset|background|poster)\s*+=\s*+["']?\s*+(?:https?:)?//|url\(\s*+(?:["']|&quot;|&\#39;)?\s*+(?:https?:)?//""",
    re.IGNORECASE,
)
_MAX_IMAGE_TAG: Final = 10_000
_MAX_NAME: Final = 80
_DOT_SIDES = ("0", "1", "2", "0px", "1px", "2px")
_IMAGE_SOURCE = re.compile(r"""(?<=[\s"'])src\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++))""", re.IGNORECASE)


def text_to_html(text: str) -> str:
    """Plain text as safe HTML: paragraphs, line breaks, kept indentation, links on web and mail addresses."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    paragraphs = (_with_links(paragraph) for paragraph in _PARAGRAPH_END.split(text) if paragraph.strip())
    return clean_html("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def has_remote_content(html: str) -> bool:
    """Whether cleaned HTML would load anything from elsewhere, if it were let."""
    if "//" not in html:
        return False
    return any(_REMOTE.search(unescape(tag[3])) for tag in TAG.finditer(html) if "//" in tag[3])


def hide_remote_content(html: str, *, word: str) -> str:
    """Cleaned HTML that asks nobody for anything: where an image from elsewhere would be, `word` says so.

    The word stands with the image's alternative text, or else the name of its file; a dot that only counts
    readers just goes.
    """

    def attribute(match: re.Match[str]) -> str:
        if match[0].lower().startswith("url("):
            return "url(data:,"
        return f"{match[0][0]}data-{match[0][1:]}"

    def tag(match: re.Match[str]) -> str:
        if "//" not in match[0] or not _REMOTE.search(match[0]):
            return match[0]
        if match[2].lower() != "img":
            return _REMOTE.sub(attribute, match[0])
        return _instead_of_image(match[3], word=word)

    return TAG.sub(tag, html)


def rewrite_cids(html: str, urls: Mapping[str, str]) -> str:
    """`cid:` images of cleaned HTML by their URL; `urls` maps content-ids without angle brackets to URLs."""
    if not urls or "cid:" not in html.lower():
        return html
    return _with_sources(html, {f"cid:{content_id}": url for content_id, url in urls.items()})


def quote_html(html: str) -> str:
    """Cleaned HTML as a quotation."""
    return f'<blockquote type="cite">{html}</blockquote>'


def quote_text(text: str) -> str:
    """Plain text as a quotation: '> ' before each line, one more '>' before what was quoted already."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def _instead_of_image(written: str, *, word: str) -> str:
    attributes = {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in ATTRIBUTE.findall(written[:_MAX_IMAGE_TAG])
    }
    if any(attributes.get(side) in _DOT_SIDES for side in ("width", "height")):
        return ""
    name = attributes.get("alt", "").strip() or urlsplit(attributes.get("src", "")).path.rpartition("/")[2]
    shown = f"{word}: {name[:_MAX_NAME]}" if name else word
    return f'<span class="blocked">{escape(shown)}</span>'


def _with_links(paragraph: str) -> str:
    """One paragraph, escaped; long words, which may be hostile, get no links."""
    parts = []
    position = 0
    for word in _LONG_WORD.finditer(paragraph):
        parts += [urlize(paragraph[position : word.start()], autoescape=True), escape(word[0])]
        position = word.end()
    parts.append(urlize(paragraph[position:], autoescape=True))
    return "".join(parts).replace("  ", "\xa0 ").replace("\t", "\xa0 \xa0 ").replace("\n", "<br>\n")


def _with_sources(html: str, sources: Mapping[str, str]) -> str:
    def source(match: re.Match[str]) -> str:
        written = unescape(match[1] or match[2] or match[3] or "")
        changed = sources.get(written) or sources.get(unquote(written))
        return f'src="{escape(changed)}"' if changed else match[0]

    def tag(match: re.Match[str]) -> str:
        return _IMAGE_SOURCE.sub(source, match[0]) if match[2].lower() == "img" else match[0]

    return TAG.sub(tag, html)
