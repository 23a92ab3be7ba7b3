"""Locks that beat frees: those that nobody went on with, and those of who can't sign in any more."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet

from queues.calendars import calendar_of
from queues.worktime import working_time_between
from tickets.actor import Actor
from tickets.changing.batches import by_batches
from tickets.changing.changes import Changes
from tickets.changing.frame import write_down
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.changing.reopening import free_from_owner
from tickets.changing.retelling import wrote_in
from tickets.facts import Wrote
from tickets.kinds import EventKind
from tickets.models import Article, StateType, Ticket

MINUTE = timedelta(minutes=1)
TIMES_OUT = (StateType.NEW, StateType.OPEN)
"""What waits for a date, and what is closed, never times out (OTRS 3.24)."""


def free_locks(*, now: datetime) -> int:
    """Free both kinds; gives how many. The owners stay.

    By batches, each locked for a moment and without what somebody else holds, which has its turn the next
    time. Safe to run twice, on two hosts at once, and to be killed anywhere.
    """
    held = Ticket.objects.open().filter(locked=True)
    of_gone = by_batches(held.filter(owner__is_active=False), partial(_free_from_gone, now=now))
    return of_gone + by_batches(_long_held(held, now=now), partial(_time_out, now=now))


def _long_held(held: QuerySet[Ticket], *, now: datetime) -> QuerySet[Ticket]:
    """Those whose time is over by what their row says: it does not tell of notes."""
    timed = held.filter(state_type__in=TIMES_OUT, queue__unlock_minutes__gt=0, locked_at__lt=now)
    rows = timed.select_related("queue")
    return Ticket.objects.filter(pk__in=[row.pk for row in rows if _is_over(row, wrote=(), now=now)])


@atomic_action
def _time_out(ids: Sequence[int], *, now: datetime) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _may_time_out(ticket)]
    wrote = wrote_in(tickets)
    over = [ticket for ticket in tickets if _is_over(ticket, wrote=wrote.get(ticket.pk, ()), now=now)]
    for ticket in over:
        changes = Changes(ticket, actor=Actor.timer(), now=now)
        changes.unlock()
        write_down(changes, kind=EventKind.LOCK_TIMED_OUT)
    return len(over)


def _may_time_out(ticket: Ticket) -> bool:
    """Asked again under the lock: an agent, a mail or another host may have been first."""
    return ticket.locked and ticket.state_type in TIMES_OUT and ticket.queue.unlock_minutes > 0


def _is_over(ticket: Ticket, *, wrote: Iterable[Wrote], now: datetime) -> bool:
    """Whether so much working time of its queue has passed as it may be locked (OTRS 3.22)."""
    since = _went_on(ticket, wrote)
    if since is None:
        return False
    worked = working_time_between(since, now, calendar_of(ticket.queue))
    return worked >= ticket.queue.unlock_minutes * MINUTE


def _went_on(ticket: Ticket, wrote: Iterable[Wrote]) -> datetime | None:
    """When somebody went on with it last: locked it, wrote as an agent, or as the customer did so first after
    one (OTRS 3.23)."""
    moments = [ticket.locked_at, ticket.last_answer_at, ticket.waits_since if ticket.last_answer_at else None]
    newest_is_agents = False
    for article in wrote:
        is_agents = article.sender_type == Article.SenderType.AGENT
        is_customers = article.sender_type == Article.SenderType.CUSTOMER
        if is_agents or (is_customers and newest_is_agents):
            moments.append(article.at)
        newest_is_agents = is_agents or (newest_is_agents and not is_customers)
    return max((moment for moment in moments if moment), default=None)


@atomic_action
def _free_from_gone(ids: Sequence[int], *, now: datetime) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _is_held_by_gone(ticket)]
    for ticket in tickets:
        changes = Changes(ticket, actor=Actor.timer(), now=now)
        free_from_owner(changes)
        write_down(changes, kind=EventKind.UNLOCKED)
    return len(tickets)


def _is_held_by_gone(ticket: Ticket) -> bool:
    """Asked again under the lock, as above."""
    return ticket.is_open and ticket.locked and ticket.owner is not None and not ticket.owner.is_active
