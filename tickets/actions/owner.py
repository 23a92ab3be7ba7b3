"""Giving a ticket to another owner ('Eigenaar')."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.access import rights_of
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, last_agent, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import Written
from tickets.errors import BadInput, OwnedMeanwhile
from tickets.kinds import EventKind
from tickets.models import Ticket

Right = QueuePermission.Right


@same_form_once
@atomic_action
def change_owner(*, actor: Actor, ticket: Ticket, new_owner: Agent, note: Written, now: datetime) -> Done:
    """Give the ticket to somebody, for whom it is locked while it is open, whoever held it (OTRS 3.12, 3.13).

    It is taken from whom the caller saw owning it: raises `OwnedMeanwhile` if somebody else does by now;
    `NotAllowed`, `BadInput`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=Right.OWNER, now=now, form=note, needs_lock=False)
    hand_over(changes, new_owner=new_owner, seen=ticket)
    return write_note(changes, kind=EventKind.OWNER_CHANGED, note=note)


def hand_over(changes: Changes, *, new_owner: Agent, seen: Ticket) -> None:
    """What `change_owner` does, within another action too; `seen` is the ticket as the caller saw it."""
    owner = changes.ticket.owner
    if owner is not None and owner.pk != seen.owner_id:
        raise OwnedMeanwhile(by=last_agent(changes.ticket), owner=owner)
    _check(ticket=changes.ticket, new_owner=new_owner)
    changes.owner(new_owner)
    changes.unlock()  # a lock that was there does not go on for somebody else: theirs begins now
    if changes.ticket.is_open:
        changes.lock()


def has_it_already(agent: Agent, ticket: Ticket) -> bool:
    """Whether giving the ticket to this agent would change nothing: without its lock an owner gets that."""
    return ticket.owner_id == agent.pk and (ticket.locked or not ticket.is_open)


def check_may_own(new_owner: Agent, *, queue_id: int) -> None:
    """Raise `BadInput` for who can't answer in this queue."""
    if not rights_of(new_owner).may(Right.OWNER, queue_id):
        raise BadInput("new_owner", _("This colleague does not answer questions in that queue."))


def _check(*, ticket: Ticket, new_owner: Agent) -> None:
    if has_it_already(new_owner, ticket):
        sentence = _("%(owner)s owns this ticket already. Choose somebody else.")
        raise BadInput("new_owner", sentence % {"owner": new_owner})
    check_may_own(new_owner, queue_id=ticket.queue_id)
