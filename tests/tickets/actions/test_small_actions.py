"""Note, close, move, lock and unlock: row, event, rights, and the lock's rules."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, grant
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket, unlock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.seen import mark_seen
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.errors import BadInput, LockedByOther, NotAllowed
from tickets.kinds import Kind
from tickets.models import Event, Ticket, TicketSeen
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def words() -> dict[str, Any]:
    note = Written(submission=uuid.uuid4(), subject="Waarom", html="<p>Daarom</p>")
    return {"note": note, "now": NOW}


def test_a_note_stays_inside(ticket: Ticket, owner: Agent) -> None:
    note = add_note(actor=actor(owner), ticket=ticket, **words()).written
    assert not note.is_visible
    assert not OutboundMessage.objects.exists()
    assert Event.objects.get(kind=Kind.NOTED).agent == owner


def test_the_right_note_is_enough_for_a_note_and_for_nothing_else(ticket: Ticket, reader: Agent) -> None:
    grant(reader, ticket.queue, Right.NOTE)
    assert add_note(actor=actor(reader), ticket=ticket, **words())
    with pytest.raises(NotAllowed):
        close_ticket(actor=actor(reader), ticket=ticket, state=state_by_key("closed_successful"), **words())


def test_a_locked_ticket_takes_a_colleagues_note(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    add_note(actor=actor(colleague), ticket=ticket, **words())
    ticket.refresh_from_db()
    assert ticket.owner == owner


def test_closing_unlocks_and_keeps_the_owner(ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_unsuccessful"), **words())
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_unsuccessful", False, owner)
    assert ticket.closed_at == NOW


def test_only_closed_states_close(ticket: Ticket, owner: Agent) -> None:
    with pytest.raises(BadInput):
        close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("open"), **words())


def test_moving_needs_everything_here_and_move_into_there(
    ticket: Ticket, owner: Agent, other_queue: Queue
) -> None:
    with pytest.raises(NotAllowed):
        move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, **words())
    grant(owner, other_queue, Right.MOVE_INTO)
    move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, **words())
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.locked) == (other_queue, False)
    assert Event.objects.get(kind=Kind.MOVED).changes["queue"][1]["label"] == other_queue.name


def test_a_new_owner_gets_the_lock_and_must_answer_there(
    ticket: Ticket, owner: Agent, stranger: Agent, reader: Agent, other_queue: Queue
) -> None:
    grant(owner, other_queue, Right.MOVE_INTO)
    with pytest.raises(BadInput):
        move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, new_owner=reader, **words())
    move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, new_owner=stranger, **words())
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (stranger, True)


def test_locking_makes_owner_and_a_second_agent_is_told_who(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    with pytest.raises(LockedByOther, match="Owner"):
        lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, owner)


def test_cancelling_gives_back_lock_and_owner_as_they_were(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    give_back_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, colleague)


def test_a_follow_up_opens_a_closed_ticket_and_ends_waiting(ticket: Ticket, owner: Agent) -> None:
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_successful"), **words())
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.closed_at, ticket.owner) == ("open", None, owner)
    tomorrow = NOW + timedelta(days=1)
    waiting: dict[str, Any] = {"state": state_by_key("pending_reminder"), "pending_until": tomorrow}
    add_note(actor=actor(owner), ticket=ticket, **words(), **waiting)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.pending_until) == ("open", None)


def test_a_new_ticket_stays_new_when_the_customer_writes_again(ticket: Ticket) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.article_count) == ("new", 2)


@pytest.mark.parametrize("days", [-1, 5 * 366 + 1])
def test_waiting_is_for_a_time_to_come_within_five_years(ticket: Ticket, owner: Agent, days: int) -> None:
    with pytest.raises(BadInput):
        add_note(
            actor=actor(owner),
            ticket=ticket,
            state=state_by_key("pending_reminder"),
            pending_until=NOW + timedelta(days=days),
            **words(),
        )


def test_what_was_seen_never_grows_less(ticket: Ticket, owner: Agent) -> None:
    for upto in (5, 9, 3):
        mark_seen(agent=owner, ticket=ticket, upto=upto)
    assert TicketSeen.objects.get().upto == 9
