"""Sluiten: with a word why, and into which closed state."""

from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from tests.house.screens import filled_in
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.states import state_by_key


def test_closing_says_why_and_unlocks(desk: Client, ticket: Ticket, owner: Agent) -> None:
    state = state_by_key("closed_unsuccessful")
    answer = desk.post(
        reverse("desk:close", args=[ticket.number]),
        filled_in("close", ticket=ticket, target=ticket.queue, state=state.pk),
    )
    assert answer.headers["Location"] == reverse("desk:queue", args=[ticket.queue_id])
    ticket.refresh_from_db()
    assert (ticket.state, ticket.locked, ticket.owner) == (state, False, owner)
    assert Event.objects.filter(ticket=ticket, kind=EventKind.CLOSED).count() == 1


def test_closing_offers_closed_states_and_the_successful_one_first(desk: Client, ticket: Ticket) -> None:
    page = desk.get(reverse("desk:close", args=[ticket.number])).content.decode()
    first = f'<option value="{state_by_key("closed_successful").pk}"'
    assert first in page.partition('name="state"')[2][:300]
    assert f'<option value="{state_by_key("open").pk}"' not in page


def test_closing_proposes_a_reason_that_may_stay_and_needs_none(desk: Client, ticket: Ticket) -> None:
    address = reverse("desk:close", args=[ticket.number])
    assert "&lt;p data-here&gt;Al beantwoord&lt;/p&gt;" in desk.get(address).content.decode()
    form = filled_in("close", ticket=ticket, target=ticket.queue, html="")
    page = desk.post(address, form, follow=True).content.decode()
    zoom = reverse("desk:zoom", args=[ticket.number])
    assert f'<a href="{zoom}">Ticket#{ticket.number}</a> is gesloten.' in page
    assert ticket.articles.count() == 1
