"""Filling the tags in texts of admins: <KVV_TICKET_NUMBER>, and the OTRS names for the same things."""

import re
from collections.abc import Mapping
from html import escape

TAG = re.compile(
    r"(?:<|&lt;)(?:KVV|OTRS|OTOBO)_([A-Za-z_]{1,60})(?:\[[0-9]{1,4}\])?(?:>|&gt;)", re.IGNORECASE
)
EMPTY = "-"


def fill(html: str, values: Mapping[str, str]) -> str:
    """The text with each tag replaced by its value, escaped; an unknown or empty one gives '-' (OTRS 8.3).

    A customer never gets to see a tag.
    """
    return TAG.sub(lambda match: escape(values.get(match[1].upper(), "") or EMPTY), html)
