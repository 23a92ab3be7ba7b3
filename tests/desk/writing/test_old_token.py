"""Who signs in again in another tab goes on with what they typed: the form comes back, filled, and counts."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import PASSWORD
from tests.house.screens import SCREENS, WRITING, address_of, filled_in
from tickets.models import Article, Event, Ticket

OURS = {"origin": "http://testserver"}
AGAIN = "Je bent opnieuw ingelogd terwijl je schreef. Er is niets kwijt: verstuur het nu."
TYPED = "Al <b>beantwoord</b>."


@pytest.fixture
def desk(owner: Agent) -> Client:
    """A browser, whose forms need their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    return client


def token_of(page: Any) -> str:
    """The token that a page's form carries."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def send(client: Client, address: str, form: Mapping[str, object]) -> Any:
    return client.post(address, dict(form), headers=OURS)


def sign_in(client: Client, agent: Agent) -> None:
    """By the form, as people do: the token is another one from then on."""
    form = {"login": agent.username, "password": PASSWORD, "csrfmiddlewaretoken": ""}
    form["csrfmiddlewaretoken"] = token_of(client.get("/accounts/login/"))
    assert send(client, "/accounts/login/", form).status_code == 302


def as_sent(page: Any) -> dict[str, object]:
    """What a browser sends of the form that a page shows, without script's own word."""
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields if name not in ("files", "anyway")}
    return {name: "" if value is None else value for name, value in shown.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("screen", SCREENS)
def test_the_form_comes_back_as_it_was_and_is_sent_by_the_next_press(
    owner: Agent, ticket: Ticket, other_queue: Queue, screen: str
) -> None:
    QueuePermission.objects.create(
        queue=other_queue, group=owner.groups.get(), right=QueuePermission.Right.ALL
    )
    desk = Client(enforce_csrf_checks=True)
    sign_in(desk, owner)
    address = address_of(screen, ticket)
    form = filled_in(screen, ticket=ticket, target=other_queue)
    form["csrfmiddlewaretoken"] = token_of(desk.get(address))
    desk.post("/accounts/logout/", form, headers=OURS)
    sign_in(desk, owner)
    before = Event.objects.count()
    page = send(desk, address, form)
    assert (page.status_code, Event.objects.count()) == (403, before)
    assert AGAIN in page.content.decode()
    shown = as_sent(page)
    kept = {name: str(value) for name, value in form.items() if name not in ("rich", "csrfmiddlewaretoken")}
    assert {name: str(shown[name]) for name in kept} == kept
    form["csrfmiddlewaretoken"] = token_of(page)
    assert send(desk, address, form).status_code == 302
    assert Event.objects.count() > before


@pytest.mark.django_db
def test_its_files_are_still_with_it(desk: Client, ticket: Ticket, other_queue: Queue) -> None:
    for screen in WRITING:
        address, file = address_of(screen, ticket), a_file(f"route-{screen}.txt")
        form = filled_in(screen, ticket=ticket, target=other_queue)
        fresh = {"csrfmiddlewaretoken": token_of(desk.get(address)), "submission": form["submission"]}
        assert send(desk, f"{address}bestanden/", fresh | {"files": file}).status_code == 200, screen
        page = send(desk, address, form | {"csrfmiddlewaretoken": "x" * 64, "files": a_file("chosen.txt")})
        shown = page.content.decode()
        assert f"route-{screen}.txt" in shown
        assert "chosen.txt" not in shown, screen
        assert "Alleen de bestanden die je net had gekozen zijn er niet" in shown, screen


def a_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"rechtdoor", content_type="text/plain")


FROM_ELSEWHERE: list[dict[str, str]] = [
    {},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver.evil.example"},
    {"referer": "https://evil.example/testserver"},
    {"origin": "http://testserver", "sec-fetch-site": "same-site"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["signed in", "signed out"])
def test_a_page_of_somebody_else_gets_no_form_that_a_press_would_send(
    desk: Client, ticket: Ticket, other_queue: Queue, who: str
) -> None:
    for headers in FROM_ELSEWHERE:
        client = desk if who == "signed in" else Client()
        form = filled_in("reply", ticket=ticket, target=other_queue)
        page = client.post(address_of("reply", ticket), form, headers=headers, secure=not headers)
        shown = page.content.decode().partition("<main")[2]
        assert page.status_code == 403, headers
        assert "Al beantwoord." in shown, headers
        assert "<form" not in shown, headers
        assert "csrfmiddlewaretoken" not in shown, headers
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_it_is_shown_to_those_alone_who_may_open_it(
    desk: Client, owner: Agent, ticket: Ticket, other_queue: Queue, settings: Settings
) -> None:
    address, form = address_of("note", ticket), filled_in("note", ticket=ticket, target=other_queue)
    QueuePermission.objects.filter(group__agents=owner).update(right=QueuePermission.Right.READ)
    page = send(desk, address, form)
    shown = page.content.decode().partition("<main")[2]
    assert (page.status_code, "csrfmiddlewaretoken" in shown) == (403, False)
    Ticket.objects.filter(pk=ticket.pk).update(queue=other_queue, title="Geheim geworden")
    page = send(desk, address, form)
    assert (page.status_code, "Geheim" in page.content.decode()) == (404, False)
    settings.SECOND_FACTOR = "ALL"
    page = send(desk, address, form)
    assert (page.status_code, "csrfmiddlewaretoken" in page.content.decode()) == (403, False)
    assert "Al beantwoord." in page.content.decode()


@pytest.mark.django_db
def test_what_a_colleague_typed_is_not_sent_as_theirs(
    desk: Client, owner: Agent, colleague: Agent, ticket: Ticket, other_queue: Queue
) -> None:
    address = address_of("note", ticket)
    form = filled_in("note", ticket=ticket, target=other_queue)
    fresh = {"csrfmiddlewaretoken": token_of(desk.get(address)), "submission": form["submission"]}
    send(desk, f"{address}bestanden/", fresh | {"files": a_file("route.txt")})
    desk.force_login(colleague)
    page = send(desk, address, form | {"csrfmiddlewaretoken": "x" * 64})
    assert page.context["form"]["submission"].value() != form["submission"]
    assert "route.txt" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("screen", ["reply", "note", "new_phone"])
def test_who_is_signed_out_signs_in_elsewhere_and_goes_on(
    owner: Agent, ticket: Ticket, other_queue: Queue, screen: str
) -> None:
    QueuePermission.objects.create(
        queue=other_queue, group=owner.groups.get(), right=QueuePermission.Right.ALL
    )
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, owner)
    address = address_of(screen, ticket)
    form = filled_in(
        screen, ticket=ticket, target=other_queue, csrfmiddlewaretoken=token_of(browser.get(address))
    )
    send(browser, "/accounts/logout/", form)
    page = send(browser, address, form)
    assert (page.status_code, ticket.title in page.content.decode()) == (403, False)
    carried = dict(page.context["carried"]) | {"csrfmiddlewaretoken": token_of(page)}
    assert {name: str(value) for name, value in form.items() if name != "csrfmiddlewaretoken"}.items() <= (
        carried.items()
    )
    sign_in(browser, owner)
    again = send(browser, address, carried)
    assert AGAIN in again.content.decode()
    sent = send(browser, address, carried | {"csrfmiddlewaretoken": token_of(again)})
    assert sent.status_code == 302
    assert Article.objects.count() == 2
