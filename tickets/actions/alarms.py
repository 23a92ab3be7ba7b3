"""What beat tells of open tickets in its time: warnings, ends of terms, dates that were waited for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from tickets.actor import Actor
from tickets.alarms import Alarm, alarms_of
from tickets.changing.batches import by_batches, work_out_terms
from tickets.changing.changes import NOTHING, Side, moment_of
from tickets.changing.events import NewEvent, record_all
from tickets.changing.forms import Form
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.models import Event, Ticket


def tell_alarms(*, now: datetime) -> int:
    """Tell what has come by now, the longest due first; gives the number of tickets that had their turn.

    An event each, once, and nothing of the ticket counts as changed. By batches, each locked for a moment and
    without what somebody else holds, which has its turn the next time. Safe to run twice, on two hosts at
    once, and to be killed anywhere.
    """
    due = Ticket.objects.open().filter(alarm_at__lte=now).order_by("alarm_at", "pk")
    return by_batches(due, partial(_work_out_and_tell, now=now))


def _work_out_and_tell(ids: Sequence[int], *, now: datetime) -> int:
    work_out_terms(ids)
    return _tell_all(ids, now=now)


@atomic_action
def _tell_all(ids: Sequence[int], *, now: datetime) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _is_due(ticket, now=now)]
    new = {event.form.submission: event for event in _all_come(tickets, now=now) if event.form}
    told = set(Event.objects.filter(submission__in=new).values_list("submission", flat=True))
    record_all(
        [event for identity, event in new.items() if identity not in told], actor=Actor.timer(), now=now
    )
    Ticket.objects.bulk_update(tickets, ["alarm_at"])
    return len(tickets)


def _is_due(ticket: Ticket, *, now: datetime) -> bool:
    """Asked again under the lock: an agent, a mail or another host may have been first."""
    return ticket.is_open and ticket.alarm_at is not None and ticket.alarm_at <= now


def _all_come(tickets: Sequence[Ticket], *, now: datetime) -> Iterator[NewEvent]:
    """An event for all that has come; each ticket learns when its next one does."""
    for ticket in tickets:
        alarms, ticket.alarm_at = alarms_of(ticket, now=now)
        yield from (_event(ticket, alarm) for alarm in alarms)


def _event(ticket: Ticket, alarm: Alarm) -> NewEvent:
    changes = {"term": [NOTHING, Side(id=alarm.about, label=moment_of(alarm.moment) or "")]}
    return NewEvent(
        ticket=ticket,
        kind=alarm.kind,
        changes=changes if alarm.about else {},
        form=Form(submission=alarm.identity(ticket)),
    )
