"""Filling the tags in texts of admins: <KVV_TICKET_NUMBER>, and the OTRS names for the same things."""

import re
from collections.abc import Mapping
from html import escape

TAG = re.compile(
    r"(?:<|&lt;)(?:KVV|OTRS|OTOBO)_([A-Za-z_]{1,60})(?:\[([0-9]{1,4})\])?(?:>|&gt;)", re.IGNORECASE
)
EMPTY = "-"
CLOSING = "CURRENT_CLOSING"
"""The closing line of the agent who writes; who has none leaves its place empty."""
QUOTED = ("_EMAIL", "_BODY", "_NOTE")
QUOTED_LINES = 20
QUOTED_LINE_MOST = 300
CUT = " […]"


def fill(html: str, values: Mapping[str, str]) -> str:
    """The text with each tag replaced by its value, escaped; an unknown or empty one gives '-' (OTRS 8.3).

    That of an agent's own closing line gives nothing where they have none. A customer never gets to see a
    tag. `[n]` behind the name cuts: a quoted mail (`QUOTED`) after n lines, anything else after n characters.
    """
    return TAG.sub(lambda match: escape(_value(match, values)).replace("\n", "<br>"), html)


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Fill the placeholders of a text that is one line and no HTML, as a subject is."""
    return " ".join(TAG.sub(lambda match: _value(match, values), text).split())


def tags_in(*texts: str) -> set[str]:
    """The names of the tags that stand in these texts, as `values` of `fill` are called."""
    return {match[1].upper() for text in texts for match in TAG.finditer(text)}


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    name, most = match[1].upper(), int(match[2]) if match[2] else None
    value = values.get(name, "").strip()
    if not value:
        return "" if name == CLOSING else EMPTY
    if name.endswith(QUOTED):
        return _quoted(value, lines=min(most or QUOTED_LINES, QUOTED_LINES))
    value = " ".join(value.split())
    return value if most is None or len(value) <= most else value[:most].rstrip() + CUT


def _quoted(text: str, *, lines: int) -> str:
    """The first lines of a mail, each with '> ' before it (OTRS 8.2)."""
    first = text.splitlines()[:lines]
    return "\n".join(f"> {line[:QUOTED_LINE_MOST].rstrip()}".rstrip() for line in first)
