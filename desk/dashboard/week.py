"""Afgelopen 7 dagen: how many tickets came and were closed each day, as a drawing and as a table."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from django.core.cache import caches
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from desk.frame import AgentRequest
from tickets.queries.week import Day, last_days

LEFT, TOP, WIDTH, HEIGHT = 28, 14, 242, 96
BAR, GAP = 11, 2
STEPS_MOST = 4
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the drawing: where it is, and how high."""

    x: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Both bars of a day, and the middle, under which its name stands."""

    day: Day
    middle: str
    created: Bar
    closed: Bar


@dataclass(frozen=True, slots=True)
class Week:
    """The days with their bars, and the scale: each line with its height and its number."""

    days: list[Bars]
    lines: list[tuple[str, int]]
    base: int = TOP + HEIGHT
    left: int = LEFT
    right: int = LEFT + WIDTH
    labels: int = LEFT - 5
    created: int = 0
    closed: int = 0
    best: str = ""


def fill_week(request: AgentRequest) -> Week:
    """The last seven days in all queues that the agent may see (OTRS 12.5).

    The figures cost as many index entries as the week has tickets, and are true enough for a minute: each
    process keeps them so long for all who see the same queues.
    """
    now, rights = timezone.now(), request.rights
    seen = hashlib.blake2s(repr(sorted(rights.visible)).encode()).hexdigest()
    key = f"kvv.week.{timezone.localdate(now)}.{seen}"
    days = caches["local"].get(key)
    if days is None:
        days = last_days(rights=rights, now=now)
        caches["local"].set(key, days, SECONDS)
    return drawn(days)


def drawn(days: list[Day]) -> Week:
    """The drawing: bars between the base and the highest line, which is a round number."""
    step = _step(max(max(day.created, day.closed) for day in days))
    most = step * STEPS_MOST
    return Week(
        days=list(_bars(days, most=most)),
        lines=[(_height(TOP + HEIGHT - HEIGHT * n / STEPS_MOST), step * n) for n in range(STEPS_MOST + 1)],
        created=sum(day.created for day in days),
        closed=sum(day.closed for day in days),
        best=_best(days),
    )


def _bars(days: list[Day], *, most: int) -> Iterator[Bars]:
    room = WIDTH / len(days)
    for place, day in enumerate(days):
        middle = LEFT + room * (place + 0.5)
        yield Bars(
            day,
            _height(middle),
            _bar(middle - BAR - GAP / 2, count=day.created, most=most),
            _bar(middle + GAP / 2, count=day.closed, most=most),
        )


def _bar(x: float, *, count: int, most: int) -> Bar:
    height = HEIGHT * count / most
    return Bar(_height(x), _height(TOP + HEIGHT - height), _height(height))


def _height(value: float) -> str:
    """A length in the drawing, which has no commas whatever the language."""
    return f"{value:.1f}"


def _step(most: int) -> int:
    """From one line to the next: 1, 2 or 5 with noughts, so that four of them are enough."""
    least, unit = ceil(max(most, 1) / STEPS_MOST), 1
    while True:
        for factor in (1, 2, 5):
            if factor * unit >= least:
                return factor * unit
        unit *= 10


def _best(days: list[Day]) -> str:
    """The busiest day in a sentence, for who does not see the drawing."""
    best = max(days, key=lambda day: day.created)
    return _("Most on %(day)s: %(created)s created and %(closed)s closed.") % {
        "day": date_format(best.day, "l"),
        "created": best.created,
        "closed": best.closed,
    }
