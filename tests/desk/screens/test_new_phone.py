"""Nieuw telefoon ticket: who it is, what is offered, and where one goes then."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer, Preferences
from queues.models import Queue, QueuePermission
from tests.factories import (
    grant,
    make_agent,
    make_auto_response,
    make_customer,
    make_free_field,
    make_queue,
    make_ticket,
)
from tests.house.fillings import Values
from tests.house.screens import filled_in
from tickets.models import Event, FreeValue, Ticket

ADDRESS = "/tickets/nieuw/telefoon/"


@pytest.fixture
def form(ticket: Ticket) -> Values:
    return filled_in("new_phone", ticket=ticket, target=ticket.queue)


def made() -> Ticket:
    return Event.objects.filter(agent__isnull=False).latest("pk").ticket


def test_the_menu_leads_there_for_who_may_make_tickets(desk: Client, client: Client, reader: Agent) -> None:
    page = desk.get("/wachtrijen/").content.decode()
    assert page.count(f'href="{ADDRESS}"') == 2
    assert 'data-key="c"' in page
    client.force_login(reader)
    assert ADDRESS not in client.get("/wachtrijen/").content.decode()


def test_only_queues_with_the_right_are_offered_and_those_who_answer_there(
    desk: Client, owner: Agent, queue: Queue, other_queue: Queue, stranger: Agent
) -> None:
    there = make_queue("Balie")
    grant(owner, there, QueuePermission.Right.CREATE)
    colleague = make_agent("balie")
    grant(colleague, there, QueuePermission.Right.OWNER)
    begun = desk.get(ADDRESS).context["form"]
    assert [str(each) for each in begun.fields["queue"].queryset] == ["Balie", "Spel"]
    assert set(begun.fields["new_owner"].queryset) == {owner, colleague}
    assert f'data-queues="{there.pk}"' in str(begun["new_owner"])
    assert "receipt" not in begun.fields


def test_a_known_customer_is_shown_with_their_open_tickets_that_the_agent_sees(
    desk: Client, ticket: Ticket, form: Values, other_queue: Queue, customer: Customer
) -> None:
    hidden = make_ticket(other_queue, customer=customer)
    shown = desk.get(reverse("desk:who"), {"customer": "karin@post.example"}).content.decode()
    page = desk.post(ADDRESS, form | {"customer": "karin@post.example", "html": ""}).content.decode()
    for place in (shown, page):
        assert "Karin Klant" in place
        assert ticket.number in place
        assert hidden.number not in place


def test_whom_an_agent_does_not_find_is_not_shown(desk: Client, other_queue: Queue) -> None:
    hidden = make_customer("verborgen@post.example")
    make_ticket(other_queue, customer=hidden)
    asked = {"customer": "karin", "customer_id": str(hidden.pk), "customer_for": "karin"}
    assert desk.get(reverse("desk:who"), asked).content.decode().strip() == ""
    by_name = asked | {"customer_id": "0"}
    assert "Nieuwe klant: <bdi>karin</bdi>" in desk.get(reverse("desk:who"), by_name).content.decode()


def test_the_page_of_a_customer_leads_to_a_new_ticket_of_theirs_and_an_address_tells_no_stranger_more(
    desk: Client, client: Client, reader: Agent, ticket: Ticket, customer: Customer, other_queue: Queue
) -> None:
    page = desk.get(reverse("desk:customer_page", args=[customer.pk])).content.decode()
    for name in ("new_phone", "new_email"):
        link = re.search(rf'href="({reverse(f"desk:{name}")}\?customer=[^"]*)"', page)
        assert link is not None
        form = desk.get(unescape(link[1])).context["form"]
        assert form["customer"].value() == form["customer_for"].value() == "Karin Klant <karin@post.example>"
        assert (form["customer_id"].value(), form.who.customer) == (customer.pk, customer)
    hidden = make_customer("verborgen@post.example")
    make_ticket(other_queue, customer=hidden)
    for typed, chosen in (("karin", hidden.pk), ("\0" + "x" * 9_000, "9" * 40)):
        form = desk.get(ADDRESS, {"customer": typed, "customer_id": chosen}).context["form"]
        assert (form["customer_id"].value(), form.who) == (None, None)
        assert len(form["customer"].value()) <= 200
    client.force_login(reader)
    page = client.get(reverse("desk:customer_page", args=[customer.pk])).content.decode()
    assert "?customer=" not in page


def test_somebody_without_an_address_is_made_by_name_also_beside_one_who_is_called_alike(
    desk: Client, ticket: Ticket, form: Values
) -> None:
    """Never by a slip: of those found, or somebody new, one is to be chosen."""
    named = form | {"customer": "karin"}
    unclear = desk.post(ADDRESS, named)
    assert unclear.status_code == 422
    assert "Nieuwe klant “<bdi>karin</bdi>”" in unclear.content.decode()
    assert desk.post(ADDRESS, named | {"customer_for": "karin"}).status_code == 422
    assert desk.post(ADDRESS, named | {"customer_for": "karin", "customer_id": "0"}).status_code == 302
    assert (str(made().customer), made().customer == ticket.customer) == ("karin", False)
    assert desk.post(ADDRESS, form | {"customer": "karin@post", "submission": ""}).status_code == 422
    zoom = desk.get(reverse("desk:zoom", args=[made().number])).content.decode()
    assert "je kunt niet per e-mail antwoorden" in zoom
    reply = desk.get(reverse("desk:reply", args=[made().number])).content.decode()
    assert "Er is geen e-mailadres bekend om naar te antwoorden." in reply


def test_a_confirmation_can_be_asked_for_where_the_queue_has_a_text(
    desk: Client, queue: Queue, other_queue: Queue, form: Values
) -> None:
    for each in (queue, other_queue):
        make_auto_response(each)
    page = desk.get(ADDRESS).context["form"]
    assert f'data-for-queues="{queue.pk}"' in str(page["receipt"])
    refused = desk.post(ADDRESS, form | {"customer": "Nina", "receipt": "1"})
    assert "Deze klant heeft geen e-mailadres." in refused.content.decode()
    assert desk.post(ADDRESS, form | {"receipt": "1"}).status_code == 302
    assert "receipt" in Event.objects.latest("pk").changes


@pytest.mark.parametrize(
    ("likes", "place"), [("form", ADDRESS), ("ticket", "/tickets/"), ("queue", "/wachtrijen/")]
)
def test_then_one_goes_where_one_likes(
    desk: Client, owner: Agent, form: Values, likes: str, place: str
) -> None:
    Preferences.objects.update_or_create(agent=owner, defaults={"after_new_ticket": likes})
    answer = desk.post(ADDRESS, form)
    ends = {"form": "", "ticket": f"{made().number}/", "queue": f"{made().queue_id}/"}
    assert answer.headers["Location"] == f"{place}{ends[likes]}"
    page = desk.get(answer.headers["Location"]).content.decode()
    in_reach = page.partition("<dialog")[2] if likes == "form" else page
    assert "is aangemaakt in Spel" in in_reach


def test_who_may_not_see_what_they_made_is_led_to_the_queues(client: Client, form: Values) -> None:
    """By whichever preference, and told without a link to it."""
    desk = make_agent("balie")
    grant(desk, Queue.objects.get(pk=str(form["queue"])), QueuePermission.Right.CREATE)
    Preferences.objects.create(agent=desk, after_new_ticket="ticket")
    client.force_login(desk)
    answer = client.post(ADDRESS, form, follow=True)
    assert answer.redirect_chain == [("/wachtrijen/", 302)]
    assert f"Ticket#{made().number} is aangemaakt in Spel." in answer.content.decode()


def test_the_form_costs_as_much_with_two_queues_and_with_ten(desk: Client, owner: Agent) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(ADDRESS, headers={"HX-Request": "true"}).status_code == 200
        return len(asked)

    few = statements()
    for _n in range(8):
        grant(owner, make_queue(), QueuePermission.Right.ALL)
    assert (few, statements()) == (few, few)
    assert few <= 11


def test_the_chosen_queues_fields_are_asked_for_and_kept(
    desk: Client, ticket: Ticket, form: Values, queue: Queue, other_queue: Queue
) -> None:
    group = make_free_field("short", queues=[queue], on_new_ticket="required")
    make_free_field("short", queues=[other_queue], on_new_ticket="required", name_nl="Van een ander")
    assert f'data-asking="{queue.pk} {other_queue.pk}"' in desk.get(ADDRESS).content.decode()
    chosen = desk.post(ADDRESS, form | {"choose_queue": "1"}).content.decode()
    assert f'name="free_{group.pk}"' in chosen
    assert "Van een ander" not in chosen
    assert "data-focus-error" not in chosen
    assert desk.post(ADDRESS, form).status_code == 422
    assert desk.post(ADDRESS, form | {f"free_{group.pk}": "Zandhorst"}).status_code == 302
    assert FreeValue.objects.get(ticket=made()).short == "Zandhorst"
    told = desk.get(reverse("desk:history", args=[made().number])).content.decode()
    assert "Zandhorst" in told


def test_fields_of_a_queue_that_one_makes_no_tickets_in_are_not_told(
    desk: Client, form: Values, other_queue: Queue
) -> None:
    make_free_field("short", queues=[other_queue], on_new_ticket="shown", name_nl="Van een ander")
    page = desk.post(ADDRESS, form | {"queue": other_queue.pk, "choose_queue": "1"}).content.decode()
    assert "Van een ander" not in page
