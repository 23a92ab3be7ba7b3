"""What becomes of a ticket when its agent has written: the state that they chose, and whose it is."""

from datetime import datetime

from tickets.changing.changes import Changes
from tickets.changing.written import checked_pending
from tickets.models import State


def enter_as_ones_own(changes: Changes, state: State, *, pending_until: datetime | None) -> None:
    """The chosen state, and the agent's own, locked while it is open (OTRS 3.3); raises `BadInput`."""
    changes.owner(changes.actor.agent)
    until = checked_pending(state=state, pending_until=pending_until, now=changes.now)
    changes.state(state, pending_until=until)
    if changes.ticket.is_open:
        changes.lock()
    else:
        changes.unlock()
