"""Closing a ticket ('Sluiten'), with a note that says why."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.forms import Form
from tickets.changing.frame import begin, require_open, write_note
from tickets.changing.free_fields import fill_in
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import ask_about_unseen
from tickets.changing.written import Written
from tickets.errors import BadInput
from tickets.free_values import NOTHING_FILLED, Filled
from tickets.kinds import EventKind
from tickets.models import State, StateType, Ticket


@same_form_once
@atomic_action
def close_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    note: Written,
    state: State,
    filled: Filled = NOTHING_FILLED,
    now: datetime,
) -> Done:
    """Close the ticket in a state of type 'closed'; it ends unlocked and the agent owns it (OTRS 2.9).

    `filled` is what is to stand in its free fields. Raises `NotAllowed`, `LockedByOther`, `BadInput`,
    `TicketBusy`, `TicketClosed` if somebody was first, and `Ask` if the customer wrote, a colleague answered,
    or one changed the same field after what the form's page had shown.
    """
    if state.type != StateType.CLOSED:
        raise BadInput("state", _("Choose one of the closed states."))
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, form=note)
    close(changes, state=state, form=note)
    fill_in(changes, filled, form=note)
    return write_note(changes, kind=EventKind.CLOSED, note=note)


def close(changes: Changes, *, state: State, form: Form) -> None:
    """What `close_ticket` does, within another action too."""
    require_open(changes.ticket)
    if form.seen_event is not None:
        ask_about_unseen(changes, form=form)
    changes.state(state)
    changes.owner(changes.actor.agent or changes.ticket.owner)
    changes.unlock()
