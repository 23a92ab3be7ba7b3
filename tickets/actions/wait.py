"""Letting a ticket wait for a moment ('Wachten')."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.forms import Form
from tickets.changing.frame import begin, require_open, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import ask_about_unseen
from tickets.changing.written import Written, checked_pending
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import PENDING_TYPES, State, Ticket


@same_form_once
@atomic_action
def let_ticket_wait(
    *,
    actor: Actor,
    ticket: Ticket,
    state: State,
    pending_until: datetime | None,
    note: Written,
    now: datetime,
) -> Done:
    """Let an open ticket wait in a pending state; it ends locked for the agent, who owns it (OTRS 3.4).

    Raises `NotAllowed`, `LockedByOther`, `BadInput`, `TicketBusy`, `TicketClosed` if somebody was first, and
    `Ask` if the customer wrote or a colleague answered after what the form's page had shown.
    """
    if state.type not in PENDING_TYPES:
        raise BadInput("state", _("Choose one of the states that wait."))
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, form=note)
    wait(changes, state=state, pending_until=pending_until, form=note)
    return write_note(changes, kind=EventKind.WAITS, note=note)


def wait(changes: Changes, *, state: State, pending_until: datetime | None, form: Form) -> None:
    """What `let_ticket_wait` does, within another action too."""
    require_open(changes.ticket)
    if form.seen_event is not None:
        ask_about_unseen(changes, form=form)
    until = checked_pending(state=state, pending_until=pending_until, now=changes.now)
    changes.state(state, pending_until=until)
    changes.owner(changes.actor.agent or changes.ticket.owner)
    changes.lock()
