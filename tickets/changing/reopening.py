"""A ticket asks for something again: the customer wrote, or an answer did not reach them."""

from accounts.absence import away_until
from tickets.changing.changes import NOTHING, Changes, Side
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

    The owner stays; an owner who can't sign in any more, or is out of office, loses the lock, and a queue
    that says so locks a closed ticket for its old owner (OTRS 2.19).
    """
    ticket, owner = changes.ticket, changes.ticket.owner
    if owner is None:
        return
    if not owner.is_active or away_until(owner, now=changes.now):
        if was_closed or ticket.locked:
            free_from_owner(changes)
    elif was_closed and ticket.queue.lock_on_follow_up:
        changes.lock()


def free_if_away(changes: Changes) -> None:
    """Unlock what a colleague writes in while its owner is out of office (OTRS 3.20)."""
    ticket, owner = changes.ticket, changes.ticket.owner
    if not ticket.locked or owner is None or owner == changes.actor.agent:
        return
    if away_until(owner, now=changes.now):
        free_from_owner(changes)


def free_from_owner(changes: Changes) -> None:
    """Unlock what an owner has who can't sign in any more, or is out of office, and say so."""
    owner = changes.ticket.owner
    changes.unlock()
    side = Side(id=owner.pk if owner else None, label=str(owner or ""))
    if owner and owner.is_active:
        changes.sides["owner_away"] = [NOTHING, side]
    else:
        changes.sides["owner_gone"] = [NOTHING, side]
