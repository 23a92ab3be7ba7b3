"""A customer says that their question is answered ('Mijn vraag is beantwoord')."""

from datetime import datetime

from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.changes import NOTHING, Changes, Side
from tickets.changing.forms import Form
from tickets.changing.frame import begin, require_open, require_whole, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.kinds import EventKind
from tickets.models import State, Ticket
from tickets.queries.participants import require_part
from tickets.states import state_by_id, state_by_key


@same_form_once
@atomic_action
def close_by_customer(*, actor: Actor, ticket: Ticket, address: str, form: Form, now: datetime) -> Done:
    """Close it as this address wishes; owner and lock stay, for a colleague may be writing in it.

    Whoever has a form open there is asked before it goes through. Raises `TakesNoPart`, `TicketClosed` where
    it is closed already, `TicketMerged`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=FOLLOW_UP, now=now, form=form, needs_lock=False)
    require_whole(changes.ticket)
    require_part(address, ticket=changes.ticket)
    require_open(changes.ticket)
    changes.state(_closed_state(changes))
    changes.sides["by_address"] = [NOTHING, Side(id=None, label=address)]
    return write_down(changes, kind=EventKind.CUSTOMER_CLOSED)


def _closed_state(changes: Changes) -> State:
    """Where it would have been closed by itself, the state that it would have had then."""
    into = changes.ticket.state.closes_into_id
    return state_by_id(into) if into is not None else state_by_key("closed_successful")
