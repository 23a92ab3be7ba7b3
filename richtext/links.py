"""Plain text as HTML, with links on the web and mail addresses in it."""

import re
from html import escape
from typing import Final

from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

_MAY_BE_ADDRESS: Final = re.compile(r"[.:@]\S")


def with_links(text: str) -> SafeString:
    """The text, escaped, with links as Django's `urlize` makes them.

    That looks at each word, in which most of a page's time would go: lines without an address are left out.
    """
    lines = (
        urlize(line, nofollow=True, autoescape=True) if _MAY_BE_ADDRESS.search(line) else escape(line)
        for line in text.split("\n")
    )
    return mark_safe("\n".join(lines))  # noqa: S308  (every line is escaped)
