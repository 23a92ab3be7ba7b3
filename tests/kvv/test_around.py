"""Pages that say no: in the frame of who looks, with ways out, and never failing themselves."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error
from pytest_django import Settings

from accounts.models import Agent
from tests.desk.reading import HTMX, text
from tickets.models import Ticket

MENU = 'aria-label="Hoofdmenu"'
NOWHERE = "/nergens/"
OVERVIEW = 'href="/wachtrijen/"'


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


def refusals(desk: Client, ticket: Ticket, agent: Agent) -> dict[int, str]:
    """A page of each kind, by its status."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent)
    big = {"CONTENT_LENGTH": "400000000", "CONTENT_TYPE": "multipart/form-data", "wsgi.input": BytesIO()}
    answers = [
        desk.get(NOWHERE),
        strict.post(reverse("desk:lock", args=[ticket.number])),
        desk.generic("POST", "/", **big),  # type: ignore[arg-type]  # what a web server gives
        desk.generic("POST", "/", CONTENT_LENGTH="-1"),
    ]
    return {answer.status_code: text(answer) for answer in answers}


@pytest.mark.django_db
def test_who_is_signed_in_keeps_the_menu_and_a_way_out(desk: Client, owner: Agent, ticket: Ticket) -> None:
    pages = refusals(desk, ticket, owner)
    assert set(pages) == {404, 403, 413, 400}
    for page in pages.values():
        assert MENU in page
        assert OVERVIEW in page
        assert f'href="{reverse("desk:new_phone")}"' in page
        assert '<h1 class="empty__t" id="fout" tabindex="-1" autofocus>' in page
        assert "Naar boven" in page
        assert page.count('aria-current="true"') == 0  # of the menu's tabs none is where one is


@pytest.mark.django_db
def test_each_has_its_sign_and_says_what_to_do(desk: Client, reader: Agent, ticket: Ticket) -> None:
    missing = text(desk.get(NOWHERE))
    assert "#i-search" in missing
    assert "Deze pagina is er niet, of je mag haar niet zien" in missing
    desk.force_login(reader)
    refused = text(desk.get(reverse("desk:note", args=[ticket.number])))
    assert "#i-lock" in refused
    assert f'href="{reverse("desk:zoom", args=[ticket.number])}"' in refused.partition("<main")[2]


def test_a_stranger_has_no_menu_and_costs_no_statement(client: Client) -> None:
    """This test may not ask the database: whatever would, fails."""
    page = text(client.get(NOWHERE))
    assert MENU not in page
    assert 'href="/accounts/login/"' in page


def test_what_went_wrong_on_our_side_is_said_without_a_database(rf: RequestFactory) -> None:
    page = text(server_error(rf.get("/")))
    assert "Er ging bij ons iets mis" in page


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["kvv.notices.my_counters", "kvv.notices.look_everywhere"])
def test_a_page_that_says_no_does_not_fail_where_the_frame_can_not_be_filled(
    desk: Client, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(broken, _fail)
    answer = desk.get(NOWHERE)
    assert answer.status_code == 404
    assert MENU not in text(answer)


def _fail(*given: object, **named: object) -> None:
    raise OperationalError("the server closed the connection unexpectedly")


@pytest.mark.django_db
def test_a_session_that_can_not_be_read_ends_in_the_page_that_needs_nothing(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", _fail)
    desk.raise_request_exception = False
    answer = desk.get(NOWHERE)
    assert answer.status_code == 500
    assert "Er ging bij ons iets mis" in text(answer)


@pytest.mark.django_db
def test_htmx_which_shows_nothing_of_it_does_not_pay_for_the_frame(
    desk: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(2):  # the session, and its agent
        assert MENU not in text(desk.get(NOWHERE, headers=HTMX))


@pytest.mark.django_db
def test_who_must_make_a_second_factor_first_sees_nothing_of_the_desk(
    desk: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "ALL"
    assert MENU not in text(desk.get(NOWHERE))


def ways(desk: Client, page: str) -> str:
    """What a missing page offers to who comes from a page."""
    return text(desk.get(NOWHERE, headers={"Referer": page})).partition("empty__acts")[2].partition("</p>")[0]


@pytest.mark.django_db
def test_it_leads_back_to_where_one_came_from(desk: Client, ticket: Ticket) -> None:
    assert 'href="/status/open/?sort=age"' in ways(desk, "http://testserver/status/open/?sort=age")
    shown = ways(desk, f"http://testserver/tickets/{ticket.number}/antwoord/")
    assert f'href="/tickets/{ticket.number}/"' in shown
    assert "Terug naar het ticket" in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/status/open/",
        "http://testserver/nergens/",
        "http://testserver/ook-nergens/",
        "http://testserver/accounts/login/?next=/nergens/",
        "http://[testserver/",
        "http://testserver/%00%ff/",
        "javascript:alert(1)",
        "",
    ],
)
def test_it_leads_nowhere_else(desk: Client, page: str) -> None:
    assert ways(desk, page).count("href=") == 1


@pytest.mark.django_db
def test_a_hidden_ticket_is_not_offered_as_a_way_out(desk: Client, ticket: Ticket, stranger: Agent) -> None:
    desk.force_login(stranger)
    page = text(desk.get(reverse("desk:zoom", args=[ticket.number])))
    assert ticket.number not in page
