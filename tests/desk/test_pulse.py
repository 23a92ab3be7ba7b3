"""The pulse of a page: silent while nothing is new, cheap, and only of what its reader may see."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket, take_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


class Shown:
    """A page that an agent has before them, and its pulse."""

    def __init__(self, desk: Client, address: str) -> None:
        self.desk = desk
        page = desk.get(address).content.decode()
        self.asked = {"counters": self._told(page, "counters"), "since": self._told(page, "since")}
        self.asked |= dict(parse_qsl(self._told(page, "about").replace("&amp;", "&")))

    @staticmethod
    def _told(page: str, name: str) -> str:
        return page.partition(f'data-{name}="')[2].partition('"')[0]

    def pulse(self) -> Any:
        return self.desk.get("/pols/", self.asked)

    def has_news(self) -> bool:
        answer = self.pulse()
        return answer.status_code == 200 and bool(answer.json()["news"])


def come_in(ticket: Ticket) -> None:
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)


def take(by: Agent, ticket: Ticket) -> None:
    take_ticket(actor=actor(by), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)


@pytest.fixture
def zoom(ticket: Ticket) -> str:
    return reverse("desk:zoom", args=[ticket.number])


def test_what_others_do_is_news_at_the_ticket_and_in_its_lists_and_what_one_does_oneself_is_not(
    desk: Client, ticket: Ticket, zoom: str, owner: Agent, colleague: Agent, other_queue: Queue
) -> None:
    shown = [Shown(desk, address) for address in (zoom, "/wachtrijen/", "/status/open/", "/")]
    elsewhere = [Shown(desk, address) for address in ("/status/gesloten/", "/voorkeuren/")]
    assert {page.pulse().status_code for page in shown + elsewhere} == {204}
    take(colleague, ticket)  # a screen that was opened
    make_ticket(other_queue)  # which the owner does not see
    add_note(actor=actor(owner), ticket=ticket, **words())
    assert not any(page.has_news() for page in shown)
    come_in(ticket)
    assert all(page.has_news() for page in shown)
    assert not any(page.has_news() for page in elsewhere)


def test_on_the_dashboard_news_is_what_its_boxes_show_in_the_tabs_that_were_chosen(
    desk: Client, ticket: Ticket, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    boxes = ("herinnering", "geescaleerd", "nieuw", "open")
    likes = Preferences.objects.create(agent=owner, box_tabs=dict.fromkeys(boxes, "vergrendeld"))
    page = Shown(desk, "/")
    come_in(ticket)
    assert page.pulse().status_code == 204
    mine = make_ticket(queue, owner=owner, locked=True)
    page = Shown(desk, "/")
    come_in(mine)
    assert page.has_news()
    page = Shown(desk, "/")
    add_note(actor=actor(colleague), ticket=ticket, **words(asked=(owner,)))
    assert page.has_news()
    likes.hidden_boxes = ["jou", *boxes]
    likes.save()
    assert not page.has_news()


def test_a_figure_that_changed_is_told_without_calling_it_news(
    desk: Client, ticket: Ticket, zoom: str, owner: Agent
) -> None:
    page = Shown(desk, zoom)
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    told = page.pulse().json()
    assert told["figures"] == {"asked": "0", "locked": "1", "owned": "1"}
    assert not told["news"]
    page.asked["counters"] = told["counters"]
    assert page.pulse().status_code == 204


def test_who_loses_the_queue_hears_nothing_of_it_any_more(
    desk: Client, ticket: Ticket, zoom: str, queue: Queue
) -> None:
    pages = [Shown(desk, address) for address in (zoom, reverse("desk:queue", args=[queue.pk]))]
    come_in(ticket)
    QueuePermission.objects.filter(queue=queue).delete()
    assert {page.pulse().status_code for page in pages} == {204}


def test_a_page_that_was_left_alone_looks_on_from_where_the_last_look_ended(
    desk: Client, ticket: Ticket, queue: Queue, other_queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.queries.newer.SCANNED_MOST", 2)
    page = Shown(desk, "/wachtrijen/")
    for _n in range(3):
        make_ticket(other_queue)
    come_in(ticket)
    told = page.pulse().json()
    assert not told["news"]
    page.asked["since"] = told["since"]
    assert page.has_news()


@pytest.mark.parametrize("address", ["/", "/status/gesloten/", "/mijn/gevraagd/", "zoom"])
def test_it_costs_six_statements_at_most(desk: Client, zoom: str, address: str) -> None:
    page = Shown(desk, zoom if address == "zoom" else address)
    with CaptureQueriesContext(connection) as captured:
        assert page.pulse().status_code == 204
    assert len(captured) <= 6


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "x", "ticket": "1"},
        {"since": "9" * 30, "from": "/:x"},
        {"since": "1", "ticket": "\0"},
        {"since": "1", "ticket": "1" * 5000},
        {"counters": "\0", "from": "x" * 5000, "since": "-1"},
    ],
)
def test_nonsense_is_no_news(desk: Client, asked: dict[str, str]) -> None:
    assert desk.get("/pols/", asked).json()["news"] is False


def test_who_is_signed_out_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/pols/").status_code == 302
