"""Closing: into a closed state only; the lock ends, the owner stays."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor, customer_mail
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.errors import Ask, BadInput
from tickets.models import Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def test_closing_unlocks_and_keeps_the_owner(ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_unsuccessful"), **words())
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_unsuccessful", False, owner)
    assert ticket.closed_at == NOW


def test_only_closed_states_close(ticket: Ticket, owner: Agent) -> None:
    with pytest.raises(BadInput):
        close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("open"), **words())


def test_nobody_closes_past_what_the_customer_wrote_meanwhile(ticket: Ticket, owner: Agent) -> None:
    seen = newest_event(ticket).event
    newer = add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    note = Written(submission=uuid.uuid4(), subject="Klaar", html="<p>Klaar</p>", seen_event=seen)
    closed: dict[str, Any] = {"ticket": ticket, "state": state_by_key("closed_successful"), "now": NOW}
    with pytest.raises(Ask) as ask:
        close_ticket(actor=actor(owner), note=note, **closed)
    assert list(ask.value.details) == [newer.article]
    anyway = replace(note, anyway=[ask.value.key])
    assert close_ticket(actor=actor(owner), note=anyway, **closed)
