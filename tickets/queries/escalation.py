"""Which tickets escalate when: those that are late, and those that will be today, tomorrow, within a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from queues.access import Rights
from tickets.queries.counted import COUNT_MOST
from tickets.queries.orders import TERM_ORDERS
from tickets.queries.which import Which

LATE, TODAY, TOMORROW, WEEK = "late", "today", "tomorrow", "week"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = {TODAY: 1, TOMORROW: 2, WEEK: 8}
"""A window → the day, counted from this one, at whose beginning it is over."""

COUNTS = """
SELECT (SELECT count(*) FROM (
    SELECT FROM tickets_ticket AS t
    WHERE t.escalates_at > due.since AND t.escalates_at <= due.until AND t.queue_id = ANY(%(queues)s)
    LIMIT %(most)s
) AS found)
FROM unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) WITH ORDINALITY AS due (since, until, place)
ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, up to and with its end."""

    since: datetime
    until: datetime


def windows(*, now: datetime) -> Mapping[str, Window]:
    """Each begins where the one before ends; days are those of the house's clock (OTRS 9.25, but apart)."""
    midnight = datetime.combine(timezone.localdate(now), time.min)
    ends = {name: timezone.make_aware(midnight + timedelta(days=days)) for name, days in DAYS.items()}
    edges = [LONG_AGO, now, *ends.values()]
    names = (LATE, *ends)
    return {name: Window(edges[place], edges[place + 1]) for place, name in enumerate(names)}


def escalating(window: Window) -> Which:
    """The tickets whose first term ends in this window, that which ends first before the others.

    `ticket_escalates` has them, of all queues, in this order; of those that are late there are not too many.
    """
    return Which(
        "t.escalates_at > %(due_since)s AND t.escalates_at <= %(due_until)s",
        {"due_since": window.since, "due_until": window.until},
        orders=TERM_ORDERS,
    )


def escalation_counts(in_windows: Sequence[Window], *, rights: Rights) -> list[int]:
    """How many tickets the agent may see in each window, in one query; counting stops as for others."""
    since, until = [window.since for window in in_windows], [window.until for window in in_windows]
    limits: dict[str, int | list[int]] = {"queues": sorted(rights.visible), "most": COUNT_MOST}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"since": since, "until": until, **limits})
        return [int(count) for (count,) in cursor.fetchall()]
