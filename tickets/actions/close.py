"""Closing a ticket ('Sluiten'), with a note that says why."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actions.composing import (
    last_agent,
    note_article,
    require_free,
    same_form_once,
    write_down,
)
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.errors import BadInput, TicketClosed
from tickets.kinds import Kind
from tickets.models import Article, State, StateType, Ticket, Upload


@same_form_once
@atomic_action
def close_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    submission: UUID,
    state: State,
    subject: str,
    html: str,
    uploads: Sequence[Upload] = (),
    time_units: Decimal | None = None,
    now: datetime,
) -> Article:
    """Close the ticket in a state of type 'closed'; it ends unlocked and the agent owns it (OTRS 2.9)."""
    if state.type != StateType.CLOSED:
        raise BadInput("state", _("Choose one of the closed states."))
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    require_free(actor, ticket)
    if not ticket.is_open:
        raise TicketClosed(by=last_agent(ticket))
    new = note_article(
        agent=actor.agent,
        submission=submission,
        subject=subject,
        html=html,
        uploads=uploads,
        time_units=time_units,
    )
    changes = Changes(ticket, now=now)
    changes.state(state)
    changes.owner(actor.agent or ticket.owner)
    changes.unlock()
    return write_down(changes, kind=Kind.CLOSED, actor=actor, new=new, now=now)
