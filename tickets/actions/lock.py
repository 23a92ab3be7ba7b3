"""Locking and unlocking a ticket, and taking it for a screen that needs the lock (OTRS 3.4 to 3.12)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.errors import Ask
from tickets.kinds import LEAVES_LOCK, EventKind
from tickets.models import Event, Ticket

Right = QueuePermission.Right


@atomic_action
def lock_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """Lock the ticket for the agent, who becomes its owner; locked by them already, nothing happens.

    But for a lock that a screen took: it is told that it is meant to stay, so that leaving the screen does
    not give it back. Raises `NotAllowed`, `LockedByOther`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=Right.ALL, now=now)
    if not changes.ticket.locked:
        _lock(changes, kind=EventKind.LOCKED)
    elif _taken(changes.ticket, actor=actor) is not None:
        write_down(changes, kind=EventKind.LOCKED)
    return changes.ticket


@atomic_action
def take_ticket(*, actor: Actor, ticket: Ticket, right: str, now: datetime) -> Ticket:
    """Lock the ticket because a screen that needs it is opened (OTRS 3.5), to be given back if it is left.

    `right` is the screen's. Raises `NotAllowed`, `LockedByOther`, `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=right, now=now)
    if not changes.ticket.locked:
        _lock(changes, kind=EventKind.TAKEN)
    return changes.ticket


@atomic_action
def unlock_ticket(*, actor: Actor, ticket: Ticket, now: datetime, anyway: Collection[str] = ()) -> Ticket:
    """Unlock the ticket; its owner stays. Any agent with every right may: a forgotten lock must not block.

    Whose own lock it is needs no right but to read. Raises `NotAllowed`, `TicketBusy`, and `Ask` for a
    colleague's lock, unless `anyway` has its key: they may be writing at this moment.
    """
    changes = begin(ticket, actor=actor, right=Right.READ, now=now, needs_lock=False)
    if changes.ticket.owner != actor.agent:
        actor.require(Right.ALL, changes.ticket.queue_id)
    if changes.ticket.locked:
        _ask_for_lock(changes.ticket, actor=actor, anyway=anyway)
        changes.unlock()
        write_down(changes, kind=EventKind.UNLOCKED)
    return changes.ticket


@atomic_action
def give_back_ticket(*, actor: Actor, ticket: Ticket, now: datetime) -> Ticket:
    """Undo `take_ticket`: lock and owner become what its own event says they were, in whatever tab it was.

    A ticket that is no longer the agent's, or in which something was decided since, is left alone. It
    needs no right but to read: who lost the others meanwhile must not keep the lock. Raises `TicketBusy`.
    """
    changes = begin(ticket, actor=actor, right=Right.READ, now=now, needs_lock=False)
    if give_back(changes):
        write_down(changes, kind=EventKind.UNLOCKED)
    return changes.ticket


def give_back(changes: Changes) -> bool:
    """What `give_back_ticket` does, within another action; whether there was something to give back."""
    ticket, actor = changes.ticket, changes.actor
    taken = _taken(ticket, actor=actor) if ticket.locked and ticket.owner == actor.agent else None
    if taken is None:
        return False
    changes.owner(_owner_before(taken, ticket=ticket))
    changes.unlock()
    return True


def _ask_for_lock(ticket: Ticket, *, actor: Actor, anyway: Collection[str]) -> None:
    """Raise `Ask` for the lock of a colleague who is still there, and whom `anyway` does not name."""
    key, holder = f"lock:{ticket.owner_id}", ticket.owner
    if key in anyway or not ticket.is_held_by_another(actor.agent) or not (holder and holder.is_active):
        return
    since = f"{timezone.localtime(ticket.locked_at):%d-%m-%Y %H:%M}" if ticket.locked_at else "–"
    sentence = _(
        "%(owner)s has locked this ticket since %(since)s and may be writing an answer. Once it is unlocked, "
        "everybody in the queue can take it. The history will say that you unlocked it."
    )
    raise Ask(
        key,
        sentence % {"owner": holder, "since": since},
        question=_("Unlock the ticket of %(owner)s?") % {"owner": holder},
    )


def _lock(changes: Changes, *, kind: EventKind) -> None:
    changes.owner(changes.actor.agent)
    changes.lock()
    write_down(changes, kind=kind)


def _taken(ticket: Ticket, *, actor: Actor) -> Event | None:
    """The event by which the agent took the ticket for a screen, unless something was decided after it.

    By them, of whatever kind but those that leave the lock; by anybody, of lock or owner.
    """
    theirs = ticket.events.filter(agent=actor.agent).exclude(kind__in=LEAVES_LOCK)
    newest = theirs.order_by("-pk").first()
    if newest is None or newest.kind != EventKind.TAKEN:
        return None
    decided = Q(changes__has_key="locked") | Q(changes__has_key="owner")
    return None if ticket.events.filter(decided, pk__gt=newest.pk).exists() else newest


def _owner_before(taken: Event, *, ticket: Ticket) -> Agent | None:
    """Who owned the ticket before it was taken; nobody, if they are gone."""
    if "owner" not in taken.changes:
        return ticket.owner
    return Agent.objects.filter(pk=taken.changes["owner"][0]["id"]).first()
