"""Saying how urgent a ticket is ('Prioriteit')."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actions.lock import give_back
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, last_agent, require_open, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import Written
from tickets.errors import BadInput, PriorityMeanwhile
from tickets.kinds import EventKind
from tickets.models import Priority, Ticket

Right = QueuePermission.Right


@same_form_once
@atomic_action
def change_priority(*, actor: Actor, ticket: Ticket, priority: int, note: Written, now: datetime) -> Done:
    """Change the priority of an open ticket, which ends locked for the agent (OTRS 3.4).

    Who may not answer it gives back the lock that the screen took: nobody could go on with it. It is changed
    from what the caller saw: raises `PriorityMeanwhile` if it is another by now; `NotAllowed`,
    `LockedByOther`, `BadInput`, `TicketBusy`, and `TicketClosed` if somebody was first.
    """
    changes = begin(ticket, actor=actor, right=Right.PRIORITY, now=now, form=note)
    set_priority(changes, priority=priority, seen=ticket)
    lock_for_who_goes_on(changes)
    return write_note(changes, kind=EventKind.PRIORITY_CHANGED, note=note)


def set_priority(changes: Changes, *, priority: int, seen: Ticket) -> None:
    """The priority alone, within another action too; `seen` is the ticket as the caller saw it."""
    present = changes.ticket
    if priority not in Priority.values:
        raise BadInput("priority", _("Choose one of the five priorities."))
    require_open(present)
    if present.priority != seen.priority:
        raise PriorityMeanwhile(by=last_agent(present), priority=Priority(present.priority).label)
    if present.priority == priority:
        raise BadInput("priority", _("This ticket has that priority already. Choose another one."))
    changes.value("priority", priority)


def lock_for_who_goes_on(changes: Changes) -> None:
    """Lock the ticket for the agent, if they may answer it; else give back what a screen took."""
    ticket, actor = changes.ticket, changes.actor
    if actor.may(Right.ALL, ticket.queue_id):
        changes.owner(actor.agent or ticket.owner)
        changes.lock()
    else:
        give_back(changes)
