"""An internal note ('Notitie')."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from queues.models import QueuePermission
from tickets.actions.composing import checked_pending, note_article, same_form_once, write_down
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import Kind
from tickets.models import Article, State, Ticket, Upload


@same_form_once
@atomic_action
def add_note(
    *,
    actor: Actor,
    ticket: Ticket,
    submission: UUID,
    subject: str,
    html: str,
    uploads: Sequence[Upload] = (),
    time_units: Decimal | None = None,
    state: State | None = None,
    pending_until: datetime | None = None,
    now: datetime,
) -> Article:
    """Add a note that only agents see; it needs the right 'note' and no lock (OTRS 3.4)."""
    (ticket,) = lock_tickets(ticket.pk)
    actor.require(QueuePermission.Right.NOTE, ticket.queue_id)
    new = note_article(
        agent=actor.agent,
        submission=submission,
        subject=subject,
        html=html,
        uploads=uploads,
        time_units=time_units,
    )
    changes = Changes(ticket, now=now)
    if state is not None:
        changes.state(state, pending_until=checked_pending(state=state, pending_until=pending_until, now=now))
        if not ticket.is_open:
            changes.unlock()
    return write_down(changes, kind=Kind.NOTED, actor=actor, new=new, now=now)
