"""A ticket asks for something again: the customer wrote, or an answer did not reach them."""

from tickets.changing.changes import Changes
from tickets.models import StateType
from tickets.states import state_by_key


def reopen_ticket(changes: Changes) -> None:
    """Open the ticket and end its waiting (OTRS 2.17); a new one stays new."""
    ticket = changes.ticket
    was_closed = not ticket.is_open
    if ticket.state_type != StateType.NEW:
        changes.state(state_by_key("open"))
    settle_lock(changes, was_closed=was_closed)


def settle_lock(changes: Changes, *, was_closed: bool) -> None:
    """Whose the ticket is now that it asks for something.

    The owner stays; an owner who may no longer sign in loses the lock, and a queue that says so locks a
    closed ticket for its old owner (OTRS 2.19).
    """
    ticket = changes.ticket
    if ticket.owner is not None and not ticket.owner.is_active:
        changes.unlock()
    elif was_closed and ticket.owner is not None and ticket.queue.lock_on_follow_up:
        changes.lock()
