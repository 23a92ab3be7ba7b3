"""Marks in a text that is still written on: what its writer is to look at. No Django here."""

import re
from collections.abc import Iterator
from html import escape

from richtext.tokens import START, TEXT, tokens, unescape

MARK = "mark"


def with_marks(html: str, pattern: re.Pattern[str] | None) -> str:
    """HTML in which all that the pattern finds within one text is marked, and nothing else.

    What is quoted is left as it is: its marks are its writer's.
    """
    return "".join(_marked(html, pattern))


def without_marks(html: str) -> str:
    """HTML without marks, but for those in what is quoted."""
    return with_marks(html, None) if f"<{MARK}" in html.lower() else html


def _marked(html: str, pattern: re.Pattern[str] | None) -> Iterator[str]:
    quoted = 0
    for kind, written, attributes in tokens(html):
        if kind == TEXT:
            yield written if quoted or pattern is None else _with_marks(unescape(written), pattern)
            continue
        if written == "blockquote":
            quoted = max(quoted + (1 if kind == START else -1), 0)
        if written != MARK or quoted:
            yield f"<{'' if kind == START else '/'}{written}{attributes}>"


def _with_marks(text: str, pattern: re.Pattern[str]) -> str:
    place, parts = 0, []
    for match in pattern.finditer(text):
        parts += [escape(text[place : match.start()]), f"<{MARK}>{escape(match[0])}</{MARK}>"]
        place = match.end()
    return "".join([*parts, escape(text[place:])])
