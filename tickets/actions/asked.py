"""What becomes of a question to a colleague: they tick it off, can't see the ticket any more, or are away."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from accounts.absence import away_until
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
from tickets.queries.asked import MAY_READ, newly_in_vain


@atomic_action
def tick_off(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """The agent has done what they were asked; who was asked nothing, has nothing to tick off.

    Raises `NotAllowed`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.READ, now=now, needs_lock=False)
    if actor.agent is not None and end_asking(changes.ticket, actor.agent, now=now):
        record(ticket=changes.ticket, kind=EventKind.TICKED_OFF, actor=actor, now=now)
    return changes.ticket


def tell_in_vain(*, now: datetime) -> int:
    """Tell in each ticket whom it was asked of that can't see it any more, or has gone away, once; gives the
    number of tickets.

    Rights are taken away in many places, so that it is beat that finds out. By batches, each locked for a
    moment and without what somebody else holds, which has its turn the next time. Safe to run twice, on two
    hosts at once, and to be killed anywhere.
    """
    found = newly_in_vain(now=now).values("ticket")
    return by_batches(Ticket.objects.filter(pk__in=found).order_by("pk"), partial(_tell, now=now))


@atomic_action
def _tell(ids: Sequence[int], *, now: datetime) -> int:
    tickets = {ticket.pk: ticket for ticket in lock_tickets(*ids, wait=False)}
    found = list(
        newly_in_vain(now=now)
        .filter(ticket__in=tickets)
        .annotate(sees_it=MAY_READ)
        .select_related("agent__preferences")
        .order_by("ticket", "pk")
    )
    told: dict[tuple[int, EventKind], dict[str, list[Side]]] = {}
    for asked in found:
        until = away_until(asked.agent, now=now) if asked.sees_it else None
        kind = EventKind.OUT_OF_SIGHT if until is None else EventKind.ASKED_AWAY
        changes = told.setdefault((asked.ticket_id, kind), {})
        if until is None:
            asked.out_of_sight_at = now
            changes[f"out_of_sight:{asked.agent_id}"] = side_of(asked.agent)
        else:
            asked.away_until = until
            changes[f"asked_away:{asked.agent_id}"] = side_of(asked.agent, until=until)
    new = [NewEvent(ticket=tickets[pk], kind=kind, changes=changes) for (pk, kind), changes in told.items()]
    record_all(new, actor=Actor.timer(), now=now)
    Asked.objects.bulk_update(found, ["out_of_sight_at", "away_until"])
    return len({asked.ticket_id for asked in found})
