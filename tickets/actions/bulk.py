"""Changing several things of a ticket by one deed, as is done to many at once ('Bulkactie'; OTRS 7.52)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tickets.actions.close import close
from tickets.actions.move import move
from tickets.actions.owner import check_may_own, hand_over, has_it_already
from tickets.actions.priority import lock_for_who_goes_on, set_priority
from tickets.actions.wait import wait
from tickets.actor import Actor
from tickets.changing.changes import Changes
from tickets.changing.frame import begin, write_note
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.unseen import ask_about_unseen
from tickets.changing.written import Written, checked_pending
from tickets.errors import BadInput, NothingToChange
from tickets.kinds import EventKind
from tickets.models import PENDING_TYPES, State, StateType, Ticket
from tickets.queries.free_fields import empty_at_close

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be changed of a ticket; what is None stays as it is.

    `lock`: whether it is to end locked.
    """

    queue: Queue | None = None
    new_owner: Agent | None = None
    priority: int | None = None
    state: State | None = None
    pending_until: datetime | None = None
    lock: bool | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether all stays as it is."""
        chosen = (self.queue, self.new_owner, self.priority, self.state, self.lock)
        return all(value is None for value in chosen)

    @property
    def closes(self) -> bool:
        """Whether the ticket ends closed."""
        return self.state is not None and self.state.type == StateType.CLOSED

    def rights(self, *, note: Written) -> Iterator[str]:
        """What is needed in the ticket's queue: for each thing what its own screen asks; and to read it."""
        if self.queue is not None or self.state is not None or self.lock:
            yield Right.ALL
        if self.new_owner is not None:
            yield Right.OWNER
        if self.priority is not None:
            yield Right.PRIORITY
        if not note.is_empty:
            yield Right.NOTE
        yield Right.READ


@same_form_once
@atomic_action
def change_ticket(*, actor: Actor, ticket: Ticket, change: Change, note: Written, now: datetime) -> Done:
    """Do all of it, each thing by the rules of its own action, with one note and one event that tells it.

    Like most of them it leaves a ticket alone that a colleague holds (OTRS 3.4). What the ticket is already
    needs no doing; where nothing is left to be done, that is refused. Raises what those actions raise.
    """
    first, *others = change.rights(note=note)
    changes = begin(ticket, actor=actor, right=first, now=now, form=note)
    for right in others:
        actor.require(right, changes.ticket.queue_id)
    was_locked = changes.ticket.locked
    if change.queue is not None and change.queue.pk != changes.ticket.queue_id:
        _move(changes, change, queue=change.queue, note=note, seen=ticket)
    else:
        _change_here(changes, change, note=note, seen=ticket)
    _settle_lock(changes, change, was_locked=was_locked)
    if change.closes:
        _require_filled(changes.ticket)
    if not changes.sides and note.is_empty:
        raise NothingToChange
    return write_note(changes, kind=EventKind.CHANGED_WITH_OTHERS, note=note)


def _move(changes: Changes, change: Change, *, queue: Queue, note: Written, seen: Ticket) -> None:
    """Into another queue, with all else: it ends unlocked, or locked for a new owner (OTRS 3.17)."""
    if change.closes and note.seen_event is not None:
        ask_about_unseen(changes, form=note)
    if change.priority is not None and change.priority != changes.ticket.priority:
        set_priority(changes, priority=change.priority, seen=seen)
    move(
        changes,
        queue=queue,
        new_owner=change.new_owner,
        state=change.state,
        pending_until=change.pending_until,
        seen=seen,
    )


def _change_here(changes: Changes, change: Change, *, note: Written, seen: Ticket) -> None:
    """In the queue where it is: a new owner has the lock, else who goes on with it, unless it is closed."""
    ticket, new_owner = changes.ticket, change.new_owner
    if new_owner is not None and not has_it_already(new_owner, ticket):
        hand_over(changes, new_owner=new_owner, seen=seen)
    if change.priority is not None and change.priority != ticket.priority:
        set_priority(changes, priority=change.priority, seen=seen)
        if new_owner is None:
            lock_for_who_goes_on(changes)
    if change.state is not None:
        _enter(changes, state=change.state, pending_until=change.pending_until, note=note)
    if new_owner is not None:
        changes.owner(new_owner)


def _enter(changes: Changes, *, state: State, pending_until: datetime | None, note: Written) -> None:
    if state.type == StateType.CLOSED:
        close(changes, state=state, form=note)
    elif state.type in PENDING_TYPES:
        wait(changes, state=state, pending_until=pending_until, form=note)
    else:
        changes.state(state)


def _require_filled(ticket: Ticket) -> None:
    """Raise `BadInput` where the screen that closes would ask for a free field that is empty."""
    if missing := empty_at_close(ticket):
        sentence = _("On closing, %(queue)s asks for %(fields)s. Close this ticket by itself.")
        names = ", ".join(f"'{field}'" for field in missing)
        raise BadInput("state", sentence % {"queue": ticket.queue, "fields": names})


def _settle_lock(changes: Changes, change: Change, *, was_locked: bool) -> None:
    """What was chosen of the lock comes last; one that is there already stays whose it is."""
    if change.lock and not (was_locked and changes.ticket.locked):
        changes.owner(change.new_owner or changes.actor.agent)
        changes.lock()
    elif change.lock is False:
        changes.unlock()


def check_change(change: Change, *, note: Written, now: datetime) -> None:
    """Raise `BadInput` for what can be done to no ticket at all."""
    if change.is_nothing and note.is_empty:
        raise BadInput("state", _("Choose what is to be changed, or write a text."))
    if change.closes and change.lock:
        raise BadInput("lock", _("A closed ticket is not locked. Choose one of both."))
    if change.queue is not None and change.new_owner is not None:
        check_may_own(change.new_owner, queue_id=change.queue.pk)
    checked_pending(state=change.state, pending_until=change.pending_until, now=now)
