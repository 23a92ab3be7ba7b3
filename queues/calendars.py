"""The calendars of queues as pure values, kept in memory, and the version that tells when terms change."""

from collections.abc import Collection, Mapping

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
    if queue.calendar_id is None:
        return ALWAYS
    version, calendar_id, calendar = _kept.get(queue.pk, (-1, -1, ALWAYS))
    if (version, calendar_id) != (queue.terms_version, queue.calendar_id):
        calendar = _calendar_by_id(queue.calendar_id)
        _kept[queue.pk] = queue.terms_version, queue.calendar_id, calendar
    return calendar


def calendars_of(queue_ids: Collection[int]) -> Mapping[int, WorkCalendar]:
    """When each of these queues works; one statement where their calendars are kept, none for no queue."""
    queues = Queue.objects.filter(pk__in=queue_ids).only("calendar", "terms_version")
    return {queue.pk: calendar_of(queue) for queue in queues} if queue_ids else {}


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
