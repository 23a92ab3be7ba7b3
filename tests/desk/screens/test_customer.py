"""Klant: another customer by completion, by 'Zoek' without script, or new; and the first answer to them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import MailAddress, Queue
from tests.factories import make_customer, make_ticket
from tests.house.screens import address_of, filled_in
from tickets.models import Ticket


@pytest.fixture
def address(ticket: Ticket) -> str:
    return address_of("customer", ticket)


@pytest.fixture
def other(queue: Queue) -> Customer:
    """Somebody who has a ticket that the owner sees, and no address."""
    other = Customer.objects.create(first_name="Wessel", last_name="<Ander>", code="W-17")
    make_ticket(queue, customer=other)
    return other


def form(ticket: Ticket, **changes: object) -> dict[str, object]:
    return filled_in("customer", ticket=ticket, target=ticket.queue, **changes)


def test_the_form_says_who_it_is_and_where_answers_go(desk: Client, address: str) -> None:
    page = desk.get(address).content.decode()
    assert "<b><bdi>Karin Klant</bdi></b>, karin@post.example" in page
    assert "Antwoorden gaan voortaan naar de nieuwe klant" in page
    assert 'name="find_customer"' in page


def test_without_script_who_is_looked_for_is_chosen_out_of_those_found_and_what_was_typed_stays(
    desk: Client, address: str, ticket: Ticket, other: Customer
) -> None:
    sent = form(ticket, customer=" wess", find_customer="1")
    page = desk.post(address, sent).content.decode()
    assert f'name="customer_id" value="{other.pk}"' in page
    assert "<mark>Wess</mark>el &lt;Ander&gt;" in page
    assert "Er gaat iets mis" not in page
    assert 'value="wess"' in page.replace('value=" wess"', 'value="wess"')
    del sent["find_customer"]
    chosen = sent | {"customer_id": other.pk, "customer_for": "wess"}
    elsewhere = desk.post(address, chosen | {"customer": "iemand anders"})  # what was chosen holds no more
    assert elsewhere.status_code == 422
    assert desk.post(address, chosen).status_code == 302
    ticket.refresh_from_db()
    assert ticket.customer == other


def test_who_is_not_clear_is_to_be_chosen_and_an_address_or_a_whole_code_is_enough(
    desk: Client, address: str, ticket: Ticket, other: Customer
) -> None:
    unclear = desk.post(address, form(ticket, customer="wessel"))
    assert unclear.status_code == 422
    assert "Kies wie het is." in unclear.content.decode()
    assert f'name="customer_id" value="{other.pk}"' in unclear.content.decode()
    nobody = desk.post(address, form(ticket, customer="niemand zo"))
    assert "Geef van een nieuwe klant het volledige e-mailadres" in nobody.content.decode()
    own = MailAddress.objects.filter(queue=ticket.queue).get().address
    ours = desk.post(address, form(ticket, customer=own))
    assert "is een adres van onszelf" in ours.content.decode()
    assert desk.post(address, form(ticket, customer="w-17")).status_code == 302
    assert desk.post(address, form(ticket, customer="Nina Nieuw <Nina@post.example>")).status_code == 302
    ticket.refresh_from_db()
    assert str(ticket.customer) == "Nina Nieuw"


def test_whom_an_agent_does_not_find_can_not_be_chosen(
    desk: Client, address: str, ticket: Ticket, other_queue: Queue
) -> None:
    hidden = make_customer("verborgen@post.example")
    make_ticket(other_queue, customer=hidden)
    for customer_id in (hidden.pk, hidden.pk + 1):
        sent = form(ticket, customer="karin", customer_for="karin", customer_id=customer_id)
        answer = desk.post(address, sent)
        assert (answer.status_code, "verborgen" in answer.content.decode()) == (422, False)
    lines = desk.get(reverse("desk:complete"), {"q": "verborgen", "for": "mail"}).content.decode()
    assert "0 klanten gevonden" in lines
    assert "verborgen" not in lines


def test_the_first_answer_goes_to_the_new_one_without_the_old_ones_words_unless_put_back(
    desk: Client, address: str, ticket: Ticket, owner: Agent
) -> None:
    make_customer("wessel@post.example")
    desk.post(address, form(ticket, customer="wessel@post.example"))
    reply = address_of("reply", ticket)
    shown = desk.get(reply)
    begun = shown.context["form"]
    assert begun["to"].value() == "wessel@post.example"
    assert "Hoe gaat dat?" not in begun.shown_html
    assert "is van een andere klant en is weggelaten" in shown.content.decode()
    values = filled_in("reply", ticket=ticket, target=ticket.queue, to=begun["to"].value())
    again = desk.post(reply, values | {"html": "<p>Getypt</p>", "quote_all_the_same": "1"})
    put_back = again.context["form"]
    assert put_back.shown_html.startswith("<p>Getypt</p>")
    assert "Hoe gaat dat?" in put_back.shown_html
    assert "is weggelaten" not in again.content.decode()
    plain = desk.post(reply, values | {"rich": "", "text": "Getypt", "quote_all_the_same": "1"})
    assert plain.context["form"]["text"].value().startswith("Getypt\n")
    assert "Hoe gaat dat?" in plain.context["form"]["text"].value()


def test_the_completion_marks_what_was_typed_and_offers_a_new_customer_where_one_may_be(
    desk: Client, ticket: Ticket, other: Customer
) -> None:
    def lines(**asked: str) -> str:
        return desk.get(reverse("desk:complete"), asked).content.decode()

    assert "<mark>Wess</mark>el &lt;Ander&gt;" in lines(q="wess")
    assert "1 klant gevonden" in lines(q="wess")
    assert f'data-id="{other.pk}"' not in lines(q="wess", **{"for": "mail"})
    assert 'data-value="Karin Klant &lt;karin@post.example&gt;"' in lines(q="karin")
    assert "data-new" not in lines(q="x@post.example")
    assert "data-new" in lines(q="x@post.example", new="address")
    assert "data-new" not in lines(q="karin@post.example", new="address")
    assert ("data-new" in lines(q="wie", new="address"), "data-new" in lines(q="wie", new="name")) == (
        False,
        True,
    )
    assert "0 klanten gevonden" in lines(q="")
