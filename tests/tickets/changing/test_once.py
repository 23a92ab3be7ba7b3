"""A form's identity is its event's: whatever it did, it does once, and its sender hears what came of it."""

import uuid
from datetime import datetime

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor, make_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.changing.events import record
from tickets.changing.once import Done, made_by, one_of_bulk, same_form_once
from tickets.changing.written import Written
from tickets.errors import BadInput
from tickets.kinds import EventKind
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db


def note() -> Written:
    return Written(submission=uuid.uuid4(), subject="Notitie", html="<p>Eén</p>")


@same_form_once
def press(*, actor: Actor, ticket: Ticket, form: Written, now: datetime) -> Done:
    """A deed that leaves no article."""
    event = record(ticket=ticket, kind=EventKind.LOCKED, actor=actor, now=now, form=form)
    return Done(ticket=ticket, event=event)


def test_a_deed_without_an_article_is_known_by_its_form(ticket: Ticket, owner: Agent) -> None:
    filled = note()
    first = press(actor=actor(owner), ticket=ticket, form=filled, now=NOW)
    second = press(actor=actor(owner), ticket=ticket, form=filled, now=NOW)
    assert (first.event, first.article) == (second.event, None)
    assert Event.objects.filter(kind=EventKind.LOCKED).count() == 1


def test_a_form_of_somebody_else_is_refused(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    filled = note()
    add_note(actor=actor(owner), ticket=ticket, note=filled, now=NOW)
    with pytest.raises(BadInput):
        add_note(actor=actor(colleague), ticket=ticket, note=filled, now=NOW)
    assert made_by(uuid.uuid4(), agent=colleague) is None


def test_a_form_about_many_tickets_has_an_identity_in_each_and_the_same_each_time(ticket: Ticket) -> None:
    form, other = uuid.uuid4(), make_ticket(ticket.queue)
    first = [one_of_bulk(form, ticket=about) for about in (ticket, other)]
    assert first == [one_of_bulk(form, ticket=about) for about in (ticket, other)]
    assert len({form, *first}) == 3


def test_an_action_without_a_form_or_an_actor_is_found_when_its_module_is_read() -> None:
    def no_form(*, actor: Actor, ticket: Ticket) -> Done:
        raise NotImplementedError

    def no_actor(*, note: Written, ticket: Ticket) -> Done:
        raise NotImplementedError

    with pytest.raises(TypeError, match="no_form"):
        same_form_once(no_form)
    with pytest.raises(TypeError, match="no_actor"):
        same_form_once(no_actor)
