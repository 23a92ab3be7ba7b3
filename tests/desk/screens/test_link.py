"""Koppel: another ticket by its number or out of a short list, what it is to this one, and taking it away."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.desk.reading import text
from tests.factories import NOW, actor, grant, make_queue, make_ticket
from tests.house.screens import filled_in
from tickets.actions.link import link_tickets
from tickets.models import Ticket, TicketLink
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Kind = TicketLink.Kind


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:link", args=[ticket.number])


@pytest.fixture
def other(queue: Queue) -> Ticket:
    return make_ticket(queue, title="Kopie van de polis voor 100% van de groep")


def searched(desk: Client, address: str, words: str) -> str:
    return text(desk.post(address, {"ticket": words, "kind": "normal", "look": "1"}))


def zoom(desk: Client, ticket: Ticket) -> str:
    return text(desk.get(reverse("desk:zoom", args=[ticket.number])))


def test_the_box_is_there_without_a_link_and_names_what_each_is_to_the_other(
    desk: Client, address: str, ticket: Ticket, other: Ticket
) -> None:
    assert "(geen)" in zoom(desk, ticket)
    form = filled_in("link", ticket=ticket, target=ticket.queue, kind="part_of_other")
    assert desk.post(address, form | {"ticket": f" [Ticket#{other.number}]"}).status_code == 302
    link = TicketLink.objects.get()
    assert (link.source, link.target, link.kind) == (other, ticket, Kind.PARENT)
    assert f"{other.number} · dit is er een onderdeel van · nieuw" in zoom(desk, ticket)
    assert f"{ticket.number} · onderdeel van dit ticket · nieuw" in zoom(desk, other)
    assert f"Koppeling weghalen: {other.number}" in text(desk.get(address))


def test_a_link_is_taken_away_by_one_press_from_either_end_and_the_second_press_says_so(
    desk: Client, ticket: Ticket, other: Ticket, owner: Agent
) -> None:
    link_tickets(actor=actor(owner), source=ticket, target=other, kind=Kind.NORMAL, now=NOW)
    press = reverse("desk:unlink", args=[other.number, TicketLink.objects.get().pk])
    assert "De koppeling is weggehaald." in text(desk.post(press, follow=True))
    assert not TicketLink.objects.exists()
    assert "Deze tickets zijn niet meer gekoppeld." in text(desk.post(press, follow=True))


def test_found_are_the_customer_s_own_then_by_words_of_the_title_or_the_first_digits_of_a_number(
    desk: Client, address: str, ticket: Ticket, other: Ticket, queue: Queue, other_queue: Queue
) -> None:
    own = make_ticket(queue, customer=ticket.customer, title="Van dezelfde klant")
    closed = make_ticket(queue, title="Oude POLIS", state=state_by_key("closed_successful"))
    hidden = make_ticket(make_queue(), customer=ticket.customer, title="Verborgen polis")
    fresh, by_words = text(desk.get(address)), searched(desk, address, "polis")
    assert [each.title in fresh for each in (own, other, closed, hidden)] == [True, False, False, False]
    assert [each.title in by_words for each in (own, other, closed, hidden)] == [False, True, True, False]
    assert "Kopie van" in searched(desk, address, "groep 100%")
    assert "Er is geen ticket gevonden" not in by_words
    day = searched(desk, address, other.number[:8])
    assert (other.number in day, hidden.number in day) == (True, False)
    assert searched(desk, address, other.number).count("checked") == 1


def test_a_link_to_what_one_may_not_see_is_left_out_and_a_history_names_its_number(
    client: Client, desk: Client, ticket: Ticket, stranger: Agent, queue: Queue, other_queue: Queue
) -> None:
    hidden = make_ticket(make_queue("Geheim"), title="Verborgen")
    both = Agent.objects.get(pk=stranger.pk)
    for each in (queue, hidden.queue):
        grant(both, each, QueuePermission.Right.READ)
    link_tickets(actor=actor(both), source=ticket, target=hidden, kind=Kind.NORMAL, now=NOW)
    page, history = zoom(desk, ticket), text(desk.get(reverse("desk:history", args=[ticket.number])))
    assert "(geen)" in page
    assert not any(secret in page for secret in (hidden.number, "Verborgen"))
    assert hidden.number in history
    assert "Verborgen" not in history
    assert hidden.number not in text(desk.get(reverse("desk:link", args=[ticket.number])))
    link = TicketLink.objects.get()
    press = desk.post(reverse("desk:unlink", args=[ticket.number, link.pk]), follow=True)
    assert "Deze tickets zijn niet meer gekoppeld." in text(press)
    client.force_login(both)
    assert hidden.number in zoom(client, ticket)


def test_links_cost_one_statement_more_however_many(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    counts = []
    for more in (0, 1, 5):
        for _n in range(more):
            other = make_ticket(queue)
            link_tickets(actor=actor(owner), source=other, target=ticket, kind=Kind.PARENT, now=NOW)
        zoom(desk, ticket)
        with CaptureQueriesContext(connection) as asked:
            zoom(desk, ticket)
        counts.append(len(asked))
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]
