"""Links in the texts of admins: signatures, salutations, templates, automatic answers, the welcome text."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from django.utils.html import urlize

from richtext.clean import clean_html
from richtext.tokens import START, TEXT, tokens, unescape

MAX_BYTES: Final = 10 * 1024

# A placeholder looks like a tag, and cleaning would take it for one.
_PLACEHOLDER = re.compile(r"<((?:KVV|OTRS|OTOBO)_[A-Za-z0-9_\[\]]+)>", re.IGNORECASE)
# A word that has one, but for what ends its sentence; `urlize` would write the placeholder otherwise.
_WORD_WITH_PLACEHOLDER = re.compile(
    r"((?<!\S)\S*<(?:KVV|OTRS|OTOBO)_[A-Za-z0-9_\[\]]+>(?:\S*[\w/])?)", re.IGNORECASE
)


class AdminTextTooLong(ValueError):
    """The text is over `MAX_BYTES`; it was not changed."""


def linkify_admin_text(html: str) -> str:
    """`html` with its web and mail addresses as links, cleaned; placeholders come out as `&lt;KVV_…&gt;`.

    Raises `AdminTextTooLong` for more than 10 KB (10,240 bytes in UTF-8).
    """
    size = len(html.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise AdminTextTooLong(f"The text is {size} bytes long; at most {MAX_BYTES} are allowed.")
    cleaned = clean_html(_PLACEHOLDER.sub(r"&lt;\1&gt;", html))
    return clean_html("".join(_with_links(cleaned)))


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
