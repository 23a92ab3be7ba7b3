"""Taking a ticket for a screen, giving it back, and the lock's own buttons."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from queues.models import Queue
from tests.factories import customer_mail
from tests.house.screens import filled_in
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.models import Event, Ticket

ACTIONS = (("take", "antwoord"), ("cancel",), ("lock",), ("unlock",))


def address_of(ticket: Ticket, name: str, *more: str) -> str:
    return reverse(f"desk:{name}", args=[ticket.number, *more])


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


def test_answering_takes_lock_and_ownership_and_leads_to_the_form(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    answer = desk.post(
        address_of(ticket, "take", "antwoord"), {"article": "5", "template": "7", "other": "x"}
    )
    assert answer.headers["Location"] == address_of(ticket, "reply") + "?article=5&template=7"
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (owner, True)
    assert Event.objects.filter(ticket=ticket, kind=EventKind.TAKEN).count() == 1


def test_cancelling_a_bounce_or_another_screen_gives_lock_and_owner_back_as_they_were(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague)
    for path in ("bounce", "sluiten"):
        desk.post(address_of(ticket, "take", path))
        ticket.refresh_from_db()
        assert (ticket.owner, ticket.locked) == (owner, True)
        answer = desk.post(address_of(ticket, "cancel"))
        assert answer.headers["Location"] == f"{address_of(ticket, 'zoom')}#inhoud"
        ticket.refresh_from_db()
        assert (ticket.owner, ticket.locked) == (colleague, False)


def test_cancelling_leaves_a_lock_that_was_there_before(desk: Client, ticket: Ticket, owner: Agent) -> None:
    desk.post(address_of(ticket, "lock"))
    desk.post(address_of(ticket, "take", "antwoord"))
    desk.post(address_of(ticket, "cancel"))
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (owner, True)


def test_cancelling_leaves_alone_what_a_colleague_has_taken_since(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    desk.post(address_of(ticket, "take", "antwoord"))
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague)
    desk.post(address_of(ticket, "cancel"))
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (colleague, True)


def test_a_ticket_that_a_colleague_has_locked_is_refused_with_their_name(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    for action in (("take", "antwoord"), ("lock",)):
        answer = desk.post(address_of(ticket, *action), follow=True)
        assert answer.redirect_chain[-1][0] == address_of(ticket, "zoom")
        assert str(colleague) in str(*answer.context["messages"])


def test_locking_and_unlocking_are_told(desk: Client, ticket: Ticket, owner: Agent) -> None:
    desk.post(address_of(ticket, "lock"))
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (owner, True)
    desk.post(address_of(ticket, "unlock"))
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (owner, False)
    kinds = Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[1:] == [EventKind.LOCKED, EventKind.UNLOCKED]


def test_a_colleagues_lock_is_opened_after_a_question_that_says_whose_it_is(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True)
    asked = desk.post(address_of(ticket, "unlock")).content.decode()
    assert f"Het ticket van {colleague} ontgrendelen?" in asked
    assert asked.count(f'href="{address_of(ticket, "zoom")}#inhoud" data-cancel') == 2
    in_a_list = desk.post(address_of(ticket, "unlock"), {"back": "/status/open/"}).content.decode()
    assert in_a_list.count('href="/status/open/#inhoud" data-cancel') == 2
    ticket.refresh_from_db()
    assert ticket.locked
    (key,) = re.findall(r'name="anyway" value="([^"]+)"', asked)
    desk.post(address_of(ticket, "unlock"), {"anyway": key})
    ticket.refresh_from_db()
    assert not ticket.locked


def test_an_unknown_screen_is_not_there(desk: Client, ticket: Ticket) -> None:
    assert desk.post(address_of(ticket, "take", "koken")).status_code == 404


def test_a_get_changes_nothing(desk: Client, ticket: Ticket) -> None:
    assert {desk.get(address_of(ticket, *action)).status_code for action in ACTIONS} == {405}


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("stranger", 404)])
def test_who_may_not_changes_nothing(
    client: Client, ticket: Ticket, role: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    for action in (("take", "antwoord"), ("lock",), ("unlock",)):
        assert client.post(address_of(ticket, *action)).status_code == status, action
    assert Event.objects.filter(ticket=ticket).count() == 1


def test_nobody_signed_in_is_sent_to_sign_in(client: Client, ticket: Ticket) -> None:
    for action in ACTIONS:
        assert reverse("account_login") in client.post(address_of(ticket, *action)).headers["Location"], (
            action
        )


def test_after_signing_in_again_a_press_leads_to_the_page_it_stood_on(client: Client, ticket: Ticket) -> None:
    for referer, after in (
        ("http://testserver/status/open/?page=2", "/status/open/?page=2"),
        ("https://elders.example/tickets/", "/"),
        ("//elders.example", "/"),
        ("http://testserver", "/"),
        ("onzin\x00", "/"),
        ("http://[", "/"),
        ("", "/"),
    ):
        sign_in = f"{reverse('account_login')}?{urlencode({'next': after}, safe='/')}"
        for action in ACTIONS:
            answer = client.post(address_of(ticket, *action), headers={"Referer": referer})
            assert answer.headers["Location"] == sign_in, (referer, action)


@pytest.mark.parametrize(("name", "path"), [("reply", "antwoord"), ("close", "sluiten")])
def test_a_screen_opened_from_a_page_that_stood_there_asks_about_what_came_meanwhile(
    desk: Client, ticket: Ticket, other_queue: Queue, name: str, path: str
) -> None:
    page = desk.get(address_of(ticket, "zoom")).content.decode()
    (seen,) = set(re.findall(r'name="seen" value="(\d+)"', page))
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=timezone.now())
    dialog = desk.post(
        address_of(ticket, "take", path), {"seen": seen}, headers={"HX-Request": "true"}, follow=True
    ).content.decode()
    (kept,) = re.findall(r'name="seen_event" value="(\d+)"', dialog)
    form = filled_in(name, ticket=ticket, target=other_queue) | {"seen_event": kept}
    answer = desk.post(address_of(ticket, name), form)
    assert answer.status_code == 422
    assert "De klant heeft opnieuw geschreven" in answer.content.decode()


def test_a_link_to_a_screen_tells_what_its_page_had_shown(desk: Client, ticket: Ticket) -> None:
    newest = Event.objects.filter(ticket=ticket).latest("pk").pk
    page = desk.get(address_of(ticket, "zoom")).content.decode()
    assert f'hx-get="{address_of(ticket, "note")}?seen={newest}"' in page


def test_a_page_may_have_shown_a_ticket_without_any_event(desk: Client, ticket: Ticket) -> None:
    page = desk.get(address_of(ticket, "note"), {"seen": "0"}).content.decode()
    assert 'name="seen_event" value="0"' in page


@pytest.mark.parametrize("seen", ["nonsense", "-1", "9" * 30, ""])
def test_nonsense_about_what_was_seen_is_passed_over(desk: Client, ticket: Ticket, seen: str) -> None:
    newest = Event.objects.filter(ticket=ticket).latest("pk").pk
    page = desk.get(address_of(ticket, "note"), {"seen": seen}).content.decode()
    assert f'name="seen_event" value="{newest}"' in page
