"""What a screen took is given back when it is left, by its own event: in any tab, in any browser."""

from uuid import uuid4

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor, answer
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket, unlock_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.changing.written import Written
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
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert given_back(ticket, owner)
    assert ticket.owner is None
    kinds = Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.CREATED, EventKind.TAKEN, EventKind.UNLOCKED]


def test_a_second_screen_takes_nothing_and_either_gives_back(ticket: Ticket, owner: Agent) -> None:
    for _tab in range(2):
        take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert Event.objects.filter(kind=EventKind.TAKEN).count() == 1
    assert given_back(ticket, owner)


def test_a_note_from_another_tab_does_not_keep_it(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    note = Written(submission=uuid4(), subject="Notitie", html="<p>Even bellen</p>")
    add_note(actor=actor(owner), ticket=ticket, note=note, now=NOW)
    assert given_back(ticket, owner)


def test_what_was_saved_is_not_given_back(ticket: Ticket, owner: Agent) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    goes_on = answer(ticket, state=state_by_key("open"))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=goes_on, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert not given_back(ticket, owner)


def test_a_lock_that_was_set_by_its_own_button_stays(ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert not given_back(ticket, owner)


def test_what_a_colleague_has_locked_since_is_left_alone(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    assert not given_back(ticket, owner)
    assert ticket.owner == colleague
