"""Ticket numbers: the day, our system's digits, a counter, and a check digit (OTRS 1.1 to 1.7, DateChecksum).

Numbers never lock. The counter is a sequence less the value with which the local day began; gaps happen,
doubles never.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from tickets.models import NumberDay

COUNTER_DIGITS = 5

NEXT = """
WITH next AS (
    SELECT nextval('tickets_number') AS value,
        nextval(pg_get_serial_sequence('tickets_article', 'id')) AS article
    FROM generate_series(1, %(count)s)
), made AS (
    INSERT INTO tickets_numberday (day, first_value) SELECT %(day)s, min(value) FROM next
    ON CONFLICT DO NOTHING RETURNING first_value
)
SELECT value, article, (SELECT first_value FROM made UNION ALL
    SELECT first_value FROM tickets_numberday WHERE day = %(day)s LIMIT 1)
FROM next ORDER BY value
"""


@dataclass(frozen=True, slots=True)
class NewIds:
    """What a ticket is born with: its number, and the id of its first article."""

    number: str
    article: int


def new_ids(*, count: int, now: datetime) -> list[NewIds]:
    """Numbers of the local day of `now`, never given before, in one statement (two on a day's first)."""
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    ids: list[NewIds] = []
    while len(ids) < count:
        with connection.cursor() as cursor:
            cursor.execute(NEXT, {"count": count - len(ids), "day": day})
            rows = cursor.fetchall()
        # Another made the day while we waited for it: their row is not in our statement's picture.
        first = rows[0][2] or NumberDay.objects.values_list("first_value", flat=True).get(day=day)
        # A value drawn before the day began would give a counter below 1: leave it, draw another.
        ids += [
            NewIds(number=number_of(day=day, counter=value - first + 1), article=article)
            for value, article, _ in rows
            if value >= first
        ]
    return ids


def begin_day(*, now: datetime) -> None:
    """Let the local day of `now` have begun, so that a leap of the sequence is one of its numbers."""
    new_ids(count=1, now=now)


def number_of(*, day: date, counter: int) -> str:
    """The number of that day's counter: 2013-07-04 and 73 with system 10 give 2013070410000731."""
    body = f"{day:%Y%m%d}{settings.SYSTEM_ID}{counter:0{COUNTER_DIGITS}d}"
    return body + str(check_digit(body))


def check_digit(body: str) -> int:
    """Digits weighted 1, 2, 1, 2, … from the left; 10 less the sum's last digit, and 1 where that is 10."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(body))
    digit = 10 - total % 10
    return 1 if digit == 10 else digit


def is_valid_number(text: str) -> bool:
    """Whether this is a number of ours: our system's digits, and a check digit that fits."""
    shape = rf"[0-9]{{8}}{settings.SYSTEM_ID}[0-9]{{{COUNTER_DIGITS},30}}[0-9]"
    return bool(re.fullmatch(shape, text)) and check_digit(text[:-1]) == int(text[-1])
