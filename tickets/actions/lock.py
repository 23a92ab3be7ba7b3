"""Locking and unlocking a ticket, and taking it for an answer (OTRS 3.4 to 3.12)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Agent
from queues.models import QueuePermission
from tickets.actions.composing import require_free
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.events import record
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import Kind
from tickets.models import Ticket

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True)
class Taken:
    """How a ticket was before it was taken, so that 'Annuleren' can give it back so."""

    ticket: Ticket
    was_locked: bool
    previous_owner_id: int | None
    took: bool


@atomic_action
def lock_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Taken:
    """Lock the ticket for the agent, who becomes its owner; locked by them already, nothing happens."""
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(Right.ALL, ticket.queue_id)
    require_free(actor, ticket)
    before = Taken(
        ticket=ticket, was_locked=ticket.locked, previous_owner_id=ticket.owner_id, took=not ticket.locked
    )
    if before.took:
        changes = Changes(ticket, now=now)
        changes.owner(actor.agent)
        changes.lock()
        changes.save()
        record(ticket=ticket, kind=Kind.LOCKED, actor=actor, now=now, changes=changes.told)
    return before


take_ticket = lock_ticket
"""What a screen that needs the lock does when it is opened (OTRS 3.5)."""


@atomic_action
def unlock_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """Unlock the ticket; its owner stays. Any agent with every right may: a forgotten lock must not block."""
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(Right.ALL, ticket.queue_id)
    if ticket.locked:
        changes = Changes(ticket, now=now)
        changes.unlock()
        changes.save()
        record(ticket=ticket, kind=Kind.UNLOCKED, actor=actor, now=now, changes=changes.told)
    return ticket


@atomic_action
def give_back_ticket(
    *, actor: Actor, ticket: Ticket, was_locked: bool, previous_owner_id: int | None, now: datetime
) -> Ticket:
    """Undo `take_ticket`: lock and owner as they were; if it is no longer ours, it is left alone."""
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(Right.ALL, ticket.queue_id)
    if ticket.locked and ticket.owner == actor.agent and not was_locked:
        changes = Changes(ticket, now=now)
        changes.owner(_agent(previous_owner_id))
        changes.unlock()
        changes.save()
        record(ticket=ticket, kind=Kind.UNLOCKED, actor=actor, now=now, changes=changes.told)
    return ticket


def _agent(agent_id: int | None) -> Agent | None:
    return None if agent_id is None else Agent.objects.filter(pk=agent_id).first()
