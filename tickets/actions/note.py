"""A note ('Notitie')."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.frame import begin, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.reopening import free_if_away
from tickets.changing.written import Written
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Ticket


@same_form_once
@atomic_action
def add_note(*, actor: Actor, ticket: Ticket, note: Written, now: datetime) -> Done:
    """Add a note; it needs the right 'note' and no lock (OTRS 3.4), but ends that of who is out of office.

    Raises `NotAllowed`, `BadInput`, `TicketBusy`.
    """
    if note.is_empty:
        raise BadInput("text", _("Write a text first."))
    right = QueuePermission.Right.NOTE
    changes = begin(ticket, actor=actor, right=right, now=now, form=note, needs_lock=False)
    free_if_away(changes)
    return write_note(changes, kind=EventKind.NOTED, note=note)
