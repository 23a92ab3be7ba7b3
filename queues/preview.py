"""What working hours and terms come to: four weeks of a calendar, and when a queue's terms would end.

An administrator sees by it whether what they filled in is what they mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from queues.calendars import calendar_of
from queues.models import Queue
from queues.worktime import Span, WorkCalendar, add_working_time

WEEKS = 4
FRIDAY, ASKED_AT = 4, time(16)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of a calendar: the hours that are worked, or why none are."""

    day: date
    hours: str
    is_off: bool


def weeks_of(calendar: WorkCalendar, *, today: date) -> list[list[ShownDay]]:
    """Four weeks from the Monday of this one."""
    monday = today - today.weekday() * DAY
    days = [_shown(calendar, monday + place * DAY) for place in range(7 * WEEKS)]
    return [days[place : place + 7] for place in range(0, len(days), 7)]


def examples_of(queue: Queue, *, now: datetime) -> list[str]:
    """'First response: Friday 16:00 → Monday 10:00', for each term that the queue promises.

    Asked on the next Friday, of which is told when the question would be late; the date too, where that is
    more than a week later.
    """
    return list(_examples(queue, calendar_of(queue), now=now))


def _examples(queue: Queue, calendar: WorkCalendar, *, now: datetime) -> Iterator[str]:
    today = now.astimezone(calendar.zone).date()
    friday = today + (FRIDAY - today.weekday()) % 7 * DAY
    asked = datetime.combine(friday, ASKED_AT, tzinfo=calendar.zone)
    promises = (
        (_("First response"), queue.first_response_minutes),
        (_("Answer to the customer"), queue.update_minutes),
        (_("Solution"), queue.solution_minutes),
    )
    for word, minutes in promises:
        if minutes:
            due = add_working_time(asked, timedelta(minutes=minutes), calendar)
            ends = _moment(due.astimezone(calendar.zone), asked=asked) if due else _("never")
            yield f"{word}: {_moment(asked, asked=asked)} → {ends}"


def _moment(moment: datetime, *, asked: datetime) -> str:
    is_near = moment.date() - asked.date() < 7 * DAY
    return f"{WEEKDAYS[moment.weekday()]} {moment:%H:%M}" if is_near else f"{moment:%d-%m-%Y %H:%M}"


def _shown(calendar: WorkCalendar, day: date) -> ShownDay:
    spans = calendar.spans(day)
    reason = calendar.holiday_name(day) or _("day off") if calendar.is_holiday(day) else _("closed")
    return ShownDay(day, ", ".join(map(_span, spans)) or reason, is_off=not spans)


def _span(span: Span) -> str:
    return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)
