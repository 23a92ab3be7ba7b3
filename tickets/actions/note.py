"""A note ('Notitie')."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.frame import begin, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import Written, checked_pending
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import State, Ticket


@same_form_once
@atomic_action
def add_note(
    *,
    actor: Actor,
    ticket: Ticket,
    note: Written,
    state: State | None = None,
    pending_until: datetime | None = None,
    now: datetime,
) -> Done:
    """Add a note; it needs the right 'note' and no lock (OTRS 3.4). With a state, the ticket enters it.

    Raises `NotAllowed`, `BadInput`, `TicketBusy`.
    """
    if note.is_empty:
        raise BadInput("text", _("Write a text first."))
    right = QueuePermission.Right.NOTE
    changes = begin(ticket, actor=actor, right=right, now=now, form=note, needs_lock=False)
    if state is not None:
        changes.state(state, pending_until=checked_pending(state=state, pending_until=pending_until, now=now))
        if not changes.ticket.is_open:
            changes.unlock()
    return write_note(changes, kind=EventKind.NOTED, note=note)
