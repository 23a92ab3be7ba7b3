"""Filling in a ticket's free fields ('Vrije invulvelden')."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.frame import begin, write_down
from tickets.changing.free_fields import fill_in
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.errors import BadInput
from tickets.free_values import Filled
from tickets.kinds import EventKind
from tickets.models import Ticket


@same_form_once
@atomic_action
def change_fields(*, actor: Actor, ticket: Ticket, filled: Filled, form: Form, now: datetime) -> Done:
    """Change what stands in free fields; the lock does not matter, nor is it touched (OTRS 3.4, 7.45).

    Raises `NotAllowed`, `BadInput` where nothing would be changed, too, `TicketBusy`, and `Ask` where a
    colleague has changed what the form's page had shown.
    """
    changes = begin(
        ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, form=form, needs_lock=False
    )
    fill_in(changes, filled, form=form)
    if not changes.sides:
        raise BadInput("", _("That is what stands there already. Change something first."))
    return write_down(changes, kind=EventKind.FIELDS_CHANGED)
