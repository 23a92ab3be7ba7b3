"""Uitgaand and Inkomend telefoongesprek: noted in the ticket, which goes on as was chosen."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent, Customer
from desk.words import sender_of
from tests.house.screens import address_of, filled_in
from tickets.models import Article, Ticket
from tickets.states import state_by_key


@pytest.mark.parametrize(
    ("name", "subject", "state"),
    [
        ("call_to_customer", "Uitgaand telefoongesprek", "closed_successful"),
        ("call_of_customer", "Inkomend telefoongesprek", "open"),
    ],
)
def test_the_form_begins_with_the_manuals_subject_and_the_usual_state(
    desk: Client, ticket: Ticket, name: str, subject: str, state: str
) -> None:
    form = desk.get(address_of(name, ticket)).context["form"]
    assert (form["subject"].value(), form["state"].value()) == (subject, str(state_by_key(state).pk))


def test_the_customers_number_can_be_dialled_where_it_is_known(
    desk: Client, ticket: Ticket, customer: Customer
) -> None:
    address = address_of("call_to_customer", ticket)
    assert "tel:" not in desk.get(address).content.decode()
    Customer.objects.filter(pk=customer.pk).update(phone="(06) 12-34 <56>")
    assert '<a href="tel:06123456"><b>(06) 12-34 &lt;56&gt;</b></a>' in desk.get(address).content.decode()


def test_a_call_that_settled_it_leads_to_the_queue_and_one_that_came_in_to_the_ticket(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    for name, leads_to in (
        ("call_of_customer", reverse("desk:zoom", args=[ticket.number])),
        ("call_to_customer", reverse("desk:queue", args=[ticket.queue_id])),
    ):
        form = filled_in(name, ticket=ticket, target=ticket.queue)
        assert desk.post(address_of(name, ticket), form).headers["Location"] == leads_to
    ticket.refresh_from_db()
    assert (ticket.is_open, ticket.owner) == (False, owner)
    assert ticket.articles.filter(channel=Article.Channel.PHONE).count() == 2
    history = desk.get(reverse("desk:history", args=[ticket.number])).content.decode()
    assert history.index("Klant gebeld") < history.index("Klant heeft gebeld")
    page = desk.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert "klant – telefoon extern" in page
    assert "medewerker – telefoon extern" in page
    calls = ticket.articles.filter(channel=Article.Channel.PHONE).order_by("pk")
    assert [sender_of(call) for call in calls] == ["Karin Klant", str(owner)]


def test_a_colleagues_lock_keeps_our_call_shut_and_not_theirs(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    page = desk.get(reverse("desk:zoom", args=[ticket.number])).content.decode()
    assert ("Uitgaand telefoongesprek" in page, "Inkomend telefoongesprek" in page) == (False, True)


def test_a_time_that_cannot_be_read_matters_only_to_a_state_that_waits_for_it(
    desk: Client, ticket: Ticket
) -> None:
    """The box of any other state is not shown, and nobody could mend what is in it."""
    form = filled_in("call_of_customer", ticket=ticket, target=ticket.queue) | {
        "pending_until": "31-02 25:61"
    }
    waiting = form | {"state": str(state_by_key("pending_reminder").pk)}
    refused = desk.post(address_of("call_of_customer", ticket), waiting)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["pending_until"])
    assert desk.post(address_of("call_of_customer", ticket), form).status_code == 302
