"""Moving a ticket to another queue ('Wijzig wachtrij')."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.access import rights_of
from queues.models import Queue, QueuePermission
from tickets.actions.composing import (
    checked_pending,
    last_agent,
    note_article,
    require_free,
    same_form_once,
    write_down,
)
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.errors import BadInput, MovedMeanwhile
from tickets.kinds import Kind
from tickets.models import Article, State, Ticket, Upload

Right = QueuePermission.Right


@same_form_once
@atomic_action
def move_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    queue: Queue,
    submission: UUID,
    new_owner: Agent | None = None,
    subject: str,
    html: str,
    uploads: Sequence[Upload] = (),
    state: State | None = None,
    pending_until: datetime | None = None,
    time_units: Decimal | None = None,
    now: datetime,
) -> Article:
    """Move the ticket and say so in a note; it ends unlocked, or locked for a new owner (OTRS 3.17).

    The ticket is moved from where the caller saw it: raises `MovedMeanwhile` if it is elsewhere by now.
    """
    seen_in = ticket.queue_id
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(Right.ALL, ticket.queue_id)
    actor.require(Right.MOVE_INTO, queue.pk)
    require_free(actor, ticket)
    if ticket.queue_id != seen_in:
        raise MovedMeanwhile(by=last_agent(ticket), queue=ticket.queue)
    _check(ticket=ticket, queue=queue, new_owner=new_owner)
    new = note_article(
        agent=actor.agent,
        submission=submission,
        subject=subject,
        html=html,
        uploads=uploads,
        time_units=time_units,
    )
    changes = Changes(ticket, now=now)
    changes.queue(queue)
    if state is not None:
        changes.state(state, pending_until=checked_pending(state=state, pending_until=pending_until, now=now))
    if new_owner is not None:
        changes.owner(new_owner)
    changes.unlock()
    if new_owner is not None and ticket.is_open:
        changes.lock()
    return write_down(changes, kind=Kind.MOVED, actor=actor, new=new, now=now)


def _check(*, ticket: Ticket, queue: Queue, new_owner: Agent | None) -> None:
    if queue.pk == ticket.queue_id or not queue.is_active:
        raise BadInput("queue", _("Choose another queue than the one the ticket is in."))
    if new_owner is not None and not rights_of(new_owner).may(Right.OWNER, queue.pk):
        raise BadInput("new_owner", _("This colleague does not answer questions in that queue."))
