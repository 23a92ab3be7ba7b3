"""From HTML to text and back, and the small changes to cleaned HTML that showing and quoting it need."""

import re
from collections.abc import Collection, Mapping
from html import escape
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from richtext.addresses import content_key, is_web
from richtext.clean import MAX_CHARACTERS, clean_again, clean_html
from richtext.dress import readable
from richtext.images import is_unseen
from richtext.links import with_links
from richtext.plain import html_to_text, is_blank
from richtext.styles import is_remote
from richtext.tokens import IMAGE, TAG, attributes_of

__all__ = [
    "PARAGRAPH_END",
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
PARAGRAPH_END = re.compile(r"\n[ \t]*+\n\s*+")

# As cleaning writes it.
_REMOTE_GROUND = re.compile(r'background="http|url\(&quot;http', re.IGNORECASE)
_MAX_NAME: Final = 80


def text_to_html(text: str) -> str:
    """Plain text as safe HTML: paragraphs, line breaks, kept indentation, links on web and mail addresses."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    paragraphs = (_with_links(paragraph) for paragraph in PARAGRAPH_END.split(text) if paragraph.strip())
    return clean_html("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def has_remote_content(html: str) -> bool:
    """Whether cleaned HTML would load anything from elsewhere, if it were let."""
    if "//" not in html:
        return False
    return any(_is_remote(tag[3]) for tag in TAG.finditer(html) if "//" in tag[3])


def hide_remote_content(html: str, *, word: str, images: Mapping[str, str] = MappingProxyType({})) -> str:
    """Cleaned HTML that asks nobody for anything: where an image from elsewhere would be, `word` says so.

    The word stands with the image's alternative text, or else the name of its file; one that nobody sees, as
    a dot that only counts readers, just goes, and so do grounds that are images, with the letters that could
    be read on them alone.
    `images`: the addresses of the mail's own, as `rewrite_cids` takes them.
    """

    def image(match: re.Match[str]) -> str:
        if "//" not in match[1]:
            return match[0]
        attributes = attributes_of(match[1])
        return _instead_of_image(attributes, word=word) if is_web(attributes.get("src", "")) else match[0]

    if _REMOTE_GROUND.search(html):
        html = readable(html, with_remote=False)
    return clean_again(IMAGE.sub(image, html), images=_by_key(images), silent=True)


def rewrite_cids(html: str, images: Mapping[str, str], *, hosts: Collection[str] = ()) -> str:
    """Cleaned HTML with its `cid:` images at their addresses; `images` maps content-ids without brackets.

    An id is matched as `content_key` has it; an image of no known id keeps its `cid:`. Nothing is
    loaded from one of `hosts` otherwise (see `clean_again`).
    """
    return clean_again(html, images=_by_key(images), hosts=hosts)


def quote_html(html: str) -> str:
    """Cleaned HTML as a quotation."""
    return f'<blockquote type="cite">{html}</blockquote>'


def quote_text(text: str) -> str:
    """Plain text as a quotation: '> ' before each line, one more '>' before what was quoted already."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def _by_key(images: Mapping[str, str]) -> dict[str, str]:
    return {content_key(content_id): address for content_id, address in images.items()}


def _is_remote(written: str) -> bool:
    attributes = attributes_of(written)
    addresses = (attributes.get(name, "") for name in ("src", "background"))
    return any(map(is_web, addresses)) or is_remote(attributes.get("style", ""))


def _instead_of_image(attributes: Mapping[str, str], *, word: str) -> str:
    if is_unseen(attributes):
        return ""
    name = attributes.get("alt", "").strip() or urlsplit(attributes.get("src", "")).path.rpartition("/")[2]
    shown = f"{word}: {name[:_MAX_NAME]}" if name else word
    return f'<span class="blocked">{escape(shown)}</span>'


def _with_links(paragraph: str) -> str:
    """One paragraph, escaped; long words, which may be hostile, get no links."""
    parts = []
    position = 0
    for word in _LONG_WORD.finditer(paragraph):
        parts += [with_links(paragraph[position : word.start()]), escape(word[0])]
        position = word.end()
    parts.append(with_links(paragraph[position:]))
    return "".join(parts).replace("  ", "\xa0 ").replace("\t", "\xa0 \xa0 ").replace("\n", "<br>\n")
