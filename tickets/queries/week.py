"""What came and what was done in some days, in the queues that an agent may see: figures, no tickets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from queues.access import Rights
from tickets.models import OPEN_TYPES, StateType
from tickets.queries.which import Value

DAYS = 7

BY_DAY = """
SELECT to_char((created AT TIME ZONE %(zone)s)::date, 'YYYYMMDD'), count(*), 0 FROM tickets_ticket
WHERE queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) AND created >= %(since)s
GROUP BY (created AT TIME ZONE %(zone)s)::date
UNION ALL
SELECT left(number, 8), count(*), 0 FROM tickets_ticket
WHERE queue_id = ANY(%(queues)s) AND closed_at IS NOT NULL AND number >= %(first)s GROUP BY left(number, 8)
UNION ALL
SELECT to_char((closed_at AT TIME ZONE %(zone)s)::date, 'YYYYMMDD'), 0, count(*) FROM tickets_ticket
WHERE queue_id = ANY(%(queues)s) AND closed_at >= %(since)s
GROUP BY (closed_at AT TIME ZONE %(zone)s)::date
"""
"""No index has closed tickets by creation: their numbers begin with its day (`tickets.numbers`)."""
ANSWERED = """
SELECT count(*), count(DISTINCT coalesce(customer_id, -id)) FROM (
    SELECT id, customer_id FROM tickets_ticket
    WHERE queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) AND last_answer_at >= %(since)s
    UNION ALL
    SELECT id, customer_id FROM tickets_ticket
    WHERE queue_id = ANY(%(queues)s) AND closed_at >= %(since)s AND last_answer_at >= %(since)s
) AS answered
"""


@dataclass(slots=True)
class Day:
    """How many tickets were made on a day of the house's clock, and how many closed or merged."""

    day: date
    created: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """How many tickets got an answer, and of how many people they are; one of no customer is somebody's."""

    tickets: int
    people: int


def last_days(*, rights: Rights, now: datetime) -> list[Day]:
    """The last seven days, today's the last (OTRS 12.5); one query, which costs these days' tickets."""
    today = timezone.localdate(now)
    days = {f"{day:%Y%m%d}": Day(day) for day in _days_before(today)}
    first = next(iter(days))
    values = {
        **_of(rights, since=_midnight(days[first].day)),
        "zone": settings.TIME_ZONE,
        "first": first,
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, values)
        for name, created, closed in cursor.fetchall():
            if day := days.get(name):
                day.created += created
                day.closed += closed
    return list(days.values())


def answered_this_week(*, rights: Rights, now: datetime) -> Answered:
    """The tickets whose last answer is of this week, which begins on Monday; one query, as `last_days`."""
    today = timezone.localdate(now)
    monday = _midnight(today - timedelta(days=today.weekday()))
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, _of(rights, since=monday))
        tickets, people = cursor.fetchone()
    return Answered(tickets=tickets, people=people)


def _days_before(today: date) -> Iterator[date]:
    return (today - timedelta(days=back) for back in reversed(range(DAYS)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _of(rights: Rights, *, since: datetime) -> dict[str, Value | list[StateType]]:
    return {"queues": sorted(rights.visible), "open": list(OPEN_TYPES), "since": since}
