"""What a screen took is given back when it is left, by its own event: in any tab, in any browser."""

from uuid import uuid4

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, answer, grant
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket, unlock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.changing.written import Written
from tickets.errors import NotAllowed
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def given_back(ticket: Ticket, agent: Agent) -> bool:
    """Whether leaving a screen unlocks the ticket."""
    give_back_ticket(actor=actor(agent), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    return not ticket.locked


def test_a_ticket_that_nobody_owned_is_nobodys_again(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    assert given_back(ticket, owner)
    assert ticket.owner is None
    kinds = Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.CREATED, EventKind.TAKEN, EventKind.UNLOCKED]


def test_a_second_screen_takes_nothing_and_either_gives_back(ticket: Ticket, owner: Agent) -> None:
    for _tab in range(2):
        take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    assert Event.objects.filter(kind=EventKind.TAKEN).count() == 1
    assert given_back(ticket, owner)


def test_a_note_from_another_tab_does_not_keep_it(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    note = Written(submission=uuid4(), subject="Notitie", html="<p>Even bellen</p>")
    add_note(actor=actor(owner), ticket=ticket, note=note, now=NOW)
    assert given_back(ticket, owner)


def test_what_was_saved_is_not_given_back(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    goes_on = answer(ticket, state=state_by_key("open"))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=goes_on, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    assert not given_back(ticket, owner)


def test_a_lock_that_was_set_by_its_own_button_stays(ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    assert not given_back(ticket, owner)


def test_what_a_colleague_has_locked_since_is_left_alone(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW, anyway=[f"lock:{owner.pk}"])
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    assert not given_back(ticket, owner)
    assert ticket.owner == colleague


def test_what_a_colleague_decided_for_the_agent_since_is_not_undone(
    ticket: Ticket, owner: Agent, colleague: Agent, other_queue: Queue
) -> None:
    """Taken and left by closing the browser; then moved by a colleague, with the agent as its new owner."""
    for agent in (owner, colleague):
        grant(agent, other_queue, QueuePermission.Right.ALL)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW, anyway=[f"lock:{owner.pk}"])
    note = Written(submission=uuid4(), subject="Voor jou", html="<p>Voor jou</p>")
    move_ticket(actor=actor(colleague), ticket=ticket, queue=other_queue, note=note, new_owner=owner, now=NOW)
    assert not given_back(ticket, owner)
    assert ticket.owner == owner


def test_a_lock_button_pressed_while_a_screen_is_open_keeps_the_lock(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    for _press in range(2):
        lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert Event.objects.filter(kind=EventKind.LOCKED).count() == 1
    assert not given_back(ticket, owner)


def test_a_screen_takes_the_lock_by_its_own_right(ticket: Ticket, reader: Agent) -> None:
    grant(reader, ticket.queue, QueuePermission.Right.PRIORITY)
    take_ticket(actor=actor(reader), ticket=ticket, right=QueuePermission.Right.PRIORITY, now=NOW)
    with pytest.raises(NotAllowed):
        take_ticket(actor=actor(reader), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    assert given_back(ticket, reader)
