"""What waits to be closed by itself is closed when its time has come ('wachtend op automatisch sluiten')."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tickets.actor import Actor
from tickets.changing.batches import by_batches
from tickets.changing.changes import Changes
from tickets.changing.frame import write_down
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import EventKind
from tickets.models import StateType, Ticket
from tickets.states import state_by_id


def close_waited(*, now: datetime) -> int:
    """Close the tickets whose time has come, those that waited longest first; gives how many (OTRS 2.11).

    By batches, each locked for a moment and without what somebody else holds, which has its turn the next
    time. Safe to run twice, on two hosts at once, and to be killed anywhere.
    """
    waited = Ticket.objects.filter(state_type=StateType.PENDING_AUTO, pending_until__lte=now)
    due = waited.filter(state__closes_into__isnull=False).order_by("pending_until", "pk")
    return by_batches(due, partial(_close_all, now=now))


@atomic_action
def _close_all(ids: Sequence[int], *, now: datetime) -> int:
    tickets = [ticket for ticket in lock_tickets(*ids, wait=False) if _is_due(ticket, now=now)]
    for ticket in tickets:
        _close(ticket, now=now)
    return len(tickets)


def _is_due(ticket: Ticket, *, now: datetime) -> bool:
    """Asked again under the lock: an agent, a mail or another host may have been first."""
    waits = ticket.state.type == StateType.PENDING_AUTO and ticket.state.closes_into_id is not None
    return waits and ticket.pending_until is not None and ticket.pending_until <= now


def _close(ticket: Ticket, *, now: datetime) -> None:
    """As an agent closes, but for the owner, who stays; nobody is asked, and no note is written."""
    changes = Changes(ticket, actor=Actor.timer(), now=now)
    changes.state(state_by_id(ticket.state.closes_into_id or 0))
    changes.unlock()
    write_down(changes, kind=EventKind.CLOSED)
