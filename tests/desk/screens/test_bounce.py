"""Bounce: offered on a mail that is kept as it came; its sender is told unless nobody knows them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from blobs.store import store_bytes
from queues.models import Queue
from tests.factories import customer_mail, make_ticket
from tests.house.screens import address_of, filled_in
from tickets.models import Article, StateType, Ticket
from tickets.states import state_by_key, states_of

RAW = b"From: Karin Klant <karin@post.example>\r\n\r\nHoi\r\n"


@pytest.fixture
def ticket(queue: Queue) -> Ticket:
    return make_ticket(queue, article=customer_mail(subject="Vraag", raw=store_bytes(RAW)))


def opened(desk: Client, ticket: Ticket) -> Any:
    return desk.get(address_of("bounce", ticket)).context["form"]


def post(desk: Client, ticket: Ticket, **changes: object) -> Any:
    form = filled_in("bounce", ticket=ticket, target=ticket.queue, **changes)
    return desk.post(address_of("bounce", ticket), form)


def test_the_form_begins_with_the_words_for_the_sender_who_is_told(desk: Client, ticket: Ticket) -> None:
    form = opened(desk, ticket)
    assert form["tells_sender"].value() is True
    assert form["tells_sender"].label == "Laat Karin Klant weten waar de vraag nu ligt"
    assert "&lt;KVV_BOUNCE_TO&gt;" in form["html"].value()
    assert form["state"].value() == str(state_by_key("closed_successful").pk)
    offered = {str(state.pk) for state in states_of(StateType.OPEN, StateType.CLOSED)}
    assert {value for value, _name in form.fields["state"].choices} == offered


def test_a_sender_whom_the_ticket_does_not_know_is_not_told_unasked(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    Article.objects.filter(ticket=ticket).update(is_visible=False)
    address = f"{address_of('bounce', ticket)}?article={ticket.articles.get().pk}"
    assert desk.get(address).context["form"]["tells_sender"].value() is False
    Article.objects.filter(ticket=ticket).update(from_header="onbekend", from_address="")
    assert desk.get(address).context["form"]["tells_sender"].is_hidden
    assert (
        desk.post(address, filled_in("bounce", ticket=ticket, target=queue, tells_sender="on")).status_code
        == 302
    )
    assert not ticket.articles.filter(is_visible=True).exists()


@pytest.mark.parametrize("typed", [{"html": ""}, {"subject": ""}])
def test_who_is_told_is_told_something(desk: Client, ticket: Ticket, typed: dict[str, str]) -> None:
    assert post(desk, ticket, tells_sender="on", **typed).status_code == 422
    assert post(desk, ticket, **typed).status_code == 302
    assert ticket.articles.count() == 2


def test_the_sender_is_told_and_the_notice_names_where_it_went(desk: Client, ticket: Ticket) -> None:
    answer = post(desk, ticket, tells_sender="on", html="<p>Naar &lt;KVV_BOUNCE_TO&gt;</p>")
    page = desk.get(answer.headers["Location"]).content.decode()
    assert "Gebounced naar <bdi>bram@elders.example</bdi>: onderweg" in page
    assert ticket.articles.get(is_visible=True, direction="out").text == "Naar bram@elders.example"


def test_back_to_its_sender_it_does_not_go_and_all_is_complained_of_at_once(
    desk: Client, ticket: Ticket
) -> None:
    answer = post(desk, ticket, tells_sender="on", to="karin@post.example", html="")
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("heeft deze e-mail zelf verstuurd", "Schrijf eerst een tekst voor de afzender"):
        assert said in page


@pytest.mark.parametrize("kept", [{"raw": None}, {"raw_is_whole": False}])
def test_it_is_offered_where_the_mail_is_kept_whole_and_else_says_why_not(
    desk: Client, ticket: Ticket, kept: dict[str, Any]
) -> None:
    zoom = reverse("desk:zoom", args=[ticket.number])
    take = reverse("desk:take", args=[ticket.number, "bounce"])
    assert take in desk.get(zoom).content.decode()
    Article.objects.filter(ticket=ticket).update(**kept)
    page = desk.get(zoom).content.decode()
    assert take not in page
    assert reverse("desk:take", args=[ticket.number, "doorsturen"]) in page
    form = desk.get(address_of("bounce", ticket)).content.decode()
    assert ("geen e-mail bewaard" in form, "data-submit hidden disabled" in form) == (True, True)
