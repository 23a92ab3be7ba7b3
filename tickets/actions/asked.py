"""What becomes of a question to a colleague: they tick it off, or they can't see the ticket any more."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.asking import end_asking, side_of
from tickets.changing.batches import by_batches
from tickets.changing.changes import Side
from tickets.changing.events import NewEvent, record, record_all
from tickets.changing.frame import begin
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import EventKind
from tickets.models import Asked, Ticket
from tickets.queries.asked import out_of_sight


@atomic_action
def tick_off(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """The agent has done what they were asked; who was asked nothing, has nothing to tick off.

    Raises `NotAllowed`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.READ, now=now, needs_lock=False)
    if actor.agent is not None and end_asking(changes.ticket, actor.agent, now=now):
        record(ticket=changes.ticket, kind=EventKind.TICKED_OFF, actor=actor, now=now)
    return changes.ticket


def tell_out_of_sight(*, now: datetime) -> int:
    """Tell in each ticket whom it was asked of that can't see it any more, once; gives the number of tickets.

    Rights are taken away in many places, so that it is beat that finds out. By batches, each locked for a
    moment and without what somebody else holds, which has its turn the next time. Safe to run twice, on two
    hosts at once, and to be killed anywhere.
    """
    found = out_of_sight().filter(out_of_sight_at=None).values("ticket")
    return by_batches(Ticket.objects.filter(pk__in=found).order_by("pk"), partial(_tell, now=now))


@atomic_action
def _tell(ids: Sequence[int], *, now: datetime) -> int:
    tickets = {ticket.pk: ticket for ticket in lock_tickets(*ids, wait=False)}
    found = list(
        out_of_sight()
        .filter(ticket__in=tickets, out_of_sight_at=None)
        .select_related("agent")
        .order_by("ticket", "pk")
    )
    told: dict[int, dict[str, list[Side]]] = {}
    for asked in found:
        changes = told.setdefault(asked.ticket_id, {})
        changes[f"out_of_sight:{asked.agent_id}"] = side_of(asked.agent)
    new = [
        NewEvent(ticket=tickets[pk], kind=EventKind.OUT_OF_SIGHT, changes=changes)
        for pk, changes in told.items()
    ]
    record_all(new, actor=Actor.timer(), now=now)
    Asked.objects.filter(pk__in=[asked.pk for asked in found]).update(out_of_sight_at=now)
    return len(told)
