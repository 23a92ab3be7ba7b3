"""The calendars of queues as pure values, kept in memory, and the version that tells when terms change."""

from django.conf import settings
from django.db.models import F, QuerySet

from queues.models import Calendar, Queue
from queues.worktime import ALWAYS, WorkCalendar, read_calendar

TERM_FIELDS = (
    "calendar",
    "first_response_minutes",
    "update_minutes",
    "solution_minutes",
    "notify_percent",
    "update_only_while_waiting",
    "solution_restarts_on_reopen",
)

_kept: dict[int, tuple[int, int, WorkCalendar]] = {}
"""Queue id → version of its terms, id of its calendar, the calendar."""


def calendar_of(queue: Queue) -> WorkCalendar:
    """When the queue works; without a calendar every minute counts.

    Kept until the queue comes with another `terms_version`, which a change of its calendar brings along: so a
    process never computes with hours that are older than the version it writes beside the result.
    """
    return calendar_with(queue.calendar_id, queue_id=queue.pk, terms_version=queue.terms_version)


def calendar_with(calendar_id: int | None, *, queue_id: int, terms_version: int) -> WorkCalendar:
    """The same of a queue of which only this is known; no statement where its calendar is kept."""
    if calendar_id is None:
        return ALWAYS
    kept_version, kept_id, calendar = _kept.get(queue_id, (-1, -1, ALWAYS))
    if (kept_version, kept_id) != (terms_version, calendar_id):
        calendar = _calendar_by_id(calendar_id)
        _kept[queue_id] = terms_version, calendar_id, calendar
    return calendar


def new_terms(queues: QuerySet[Queue]) -> None:
    """Tell that the terms of these queues, or their calendar, have changed; in the change's transaction.

    A sweeper then applies them to their open tickets, which carry the version they were computed with.
    """
    queues.update(terms_version=F("terms_version") + 1)


def _calendar_by_id(calendar_id: int) -> WorkCalendar:
    return calendar_in(Calendar.objects.get(pk=calendar_id))


def calendar_in(row: Calendar) -> WorkCalendar:
    """The calendar that a row describes."""
    return read_calendar(
        hours=row.hours, holidays=row.holidays, time_zone=row.time_zone, default_zone=settings.TIME_ZONE
    )
