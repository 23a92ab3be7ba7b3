"""Waiting: in a state that waits, until a time that is to come, in the hands of who said so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor, customer_mail
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.wait import let_ticket_wait
from tickets.actor import Actor
from tickets.errors import Ask, BadInput, TicketClosed
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


def wait(ticket: Ticket, *, by: Agent, **changes: Any) -> None:
    values = {"state": state_by_key("pending_reminder"), "pending_until": TOMORROW, **words(), **changes}
    let_ticket_wait(actor=actor(by), ticket=ticket, **values)
    ticket.refresh_from_db()


def test_a_ticket_waits_locked_for_its_agent_and_the_history_says_until_when(
    ticket: Ticket, owner: Agent
) -> None:
    wait(ticket, by=owner)
    assert (ticket.state.key, ticket.pending_until) == ("pending_reminder", TOMORROW)
    assert (ticket.owner, ticket.locked) == (owner, True)
    wait(ticket, by=owner, pending_until=TOMORROW + timedelta(days=1))
    first, second = history_of(Event.objects.filter(kind=EventKind.WAITS).order_by("pk"))
    assert "Wacht tot: 25-11-2026 11:00" in first.changes
    assert second.changes == ["Wacht tot: 25-11-2026 11:00 → 26-11-2026 11:00"]


def test_only_a_state_that_waits_and_a_time_that_is_to_come_will_do(ticket: Ticket, owner: Agent) -> None:
    for moment in (NOW - timedelta(minutes=1), None, NOW + timedelta(days=5 * 366 + 1)):
        with pytest.raises(BadInput):
            wait(ticket, by=owner, pending_until=moment)
    with pytest.raises(BadInput):
        wait(ticket, by=owner, state=state_by_key("closed_successful"))


def test_a_closed_ticket_waits_for_nothing(ticket: Ticket, owner: Agent) -> None:
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
    with pytest.raises(TicketClosed):
        wait(ticket, by=owner)


def test_nobody_waits_past_what_the_customer_wrote_meanwhile(ticket: Ticket, owner: Agent) -> None:
    note = replace(words()["note"], seen_event=newest_event(ticket).event)
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask) as ask:
        wait(ticket, by=owner, note=note)
    wait(ticket, by=owner, note=replace(note, anyway=[ask.value.key]))
    assert ticket.state.key == "pending_reminder"
