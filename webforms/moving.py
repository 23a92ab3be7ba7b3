"""A field of a form that goes up or down, told by a button that needs no script."""

import re

from django.http import QueryDict

MOVE = "_move"
ASKED = re.compile(r"(fields-\d{1,4}):(up|down)\Z")
PLACE = re.compile(r"(fields-\d{1,4})-place\Z")
ROWS_MOST = 500


def moved(sent: QueryDict) -> QueryDict:
    """The page as it was sent, with that field moved by one, and to be looked at again once it is saved."""
    told = sent.copy()
    told["_continue"] = "1"
    match = ASKED.match(told.pop(MOVE)[-1])
    if match is None:
        return told
    rows = [found[1] for name in told if (found := PLACE.match(name))][:ROWS_MOST]
    rows = sorted(rows, key=lambda row: _place(told.get(f"{row}-place", "")))
    if match[1] not in rows:
        return told
    at = rows.index(match[1])
    to = max(at - 1, 0) if match[2] == "up" else at + 1
    rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows, start=1):
        told[f"{row}-place"] = str(10 * place)
    return told


def _place(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 6 else 99_999
