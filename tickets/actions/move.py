"""Moving a ticket to another queue ('Wijzig wachtrij')."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.access import rights_of
from queues.models import Queue, QueuePermission
from tickets.actions.lock import give_back
from tickets.actions.owner import check_may_own
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, last_agent, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import Written, checked_pending
from tickets.errors import BadInput, MovedMeanwhile
from tickets.kinds import EventKind
from tickets.models import State, Ticket

Right = QueuePermission.Right


@same_form_once
@atomic_action
def move_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    queue: Queue,
    note: Written,
    new_owner: Agent | None = None,
    state: State | None = None,
    pending_until: datetime | None = None,
    now: datetime,
) -> Done:
    """Move the ticket and say so in a note; it ends unlocked, or locked for a new owner (OTRS 3.17).

    Without a new owner it has the one from before the screen took it, if they see the new queue, else none.

    The ticket is moved from where the caller saw it: raises `MovedMeanwhile` if it is elsewhere by now;
    `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now, form=note)
    move(changes, queue=queue, new_owner=new_owner, state=state, pending_until=pending_until, seen=ticket)
    return write_note(changes, kind=EventKind.MOVED, note=note)


def move(
    changes: Changes,
    *,
    queue: Queue,
    new_owner: Agent | None,
    state: State | None,
    pending_until: datetime | None,
    seen: Ticket,
) -> None:
    """What `move_ticket` does, within another action too; `seen` is the ticket as the caller saw it."""
    changes.actor.require(Right.MOVE_INTO, queue.pk)
    if changes.ticket.queue_id != seen.queue_id:
        raise MovedMeanwhile(by=last_agent(changes.ticket), queue=changes.ticket.queue)
    check_target(ticket=changes.ticket, queue=queue, new_owner=new_owner)
    until = checked_pending(state=state, pending_until=pending_until, now=changes.now)
    give_back(changes)
    changes.queue(queue)
    if state is not None:
        changes.state(state, pending_until=until)
    changes.owner(new_owner or _who_sees_it(changes.ticket.owner, queue=queue))
    changes.unlock()
    if new_owner is not None and changes.ticket.is_open:
        changes.lock()


def check_target(*, ticket: Ticket, queue: Queue, new_owner: Agent | None) -> None:
    """Raise `BadInput` for a queue that the ticket can't go to, or an owner who can't answer there."""
    if queue.pk == ticket.queue_id or not queue.is_active:
        raise BadInput("queue", _("Choose another queue than the one the ticket is in."))
    if new_owner is not None:
        check_may_own(new_owner, queue_id=queue.pk)


def _who_sees_it(owner: Agent | None, *, queue: Queue) -> Agent | None:
    """The owner, if they see what is in the queue: nobody owns what is not there for them."""
    return owner if owner is not None and rights_of(owner).may(Right.READ, queue.pk) else None
