"""Overviews and the ticket screen: what they show, how many statements they cost, and whom they let see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer, Preferences
from queues.models import Queue
from tests.desk.reading import text
from tests.factories import NOW, actor, customer_mail, make_ticket, stored_file
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actor import Actor
from tickets.models import Article, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

# A picture of one pixel.
PNG = b"\x89PNG\r\n\x1a\n"


def statements(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len(captured)


def many(queue: Queue, n: int, **values: Any) -> list[Ticket]:
    return [make_ticket(queue, now=NOW + timedelta(minutes=minute), **values) for minute in range(n)]


@pytest.mark.parametrize("path", ["/wachtrijen/", "/status/open/", "/status/gesloten/", "/mijn/vergrendeld/"])
def test_a_list_costs_at_most_ten_statements_whatever_it_shows(
    desk: Client, queue: Queue, customer: Customer, path: str
) -> None:
    few = statements(lambda: desk.get(path))
    many(queue, 12, customer=customer)
    many(queue, 12, customer=customer, state=state_by_key("closed_successful"))
    assert few <= 10
    assert statements(lambda: desk.get(path)) <= 10


def test_the_ticket_screen_costs_at_most_fifteen_statements(desk: Client, ticket: Ticket) -> None:
    for n in range(6):
        mail = customer_mail(html="<p>Nog iets</p>", files=(stored_file(bytes([n])),))
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW)
    assert statements(lambda: desk.get(reverse("desk:zoom", args=[ticket.number]))) <= 15


def test_without_queues_of_ones_own_the_page_says_how_to_choose_them(client: Client, owner: Agent) -> None:
    client.force_login(owner)
    assert "Kies eerst je wachtrijen" in text(client.get("/wachtrijen/"))


def test_available_hides_what_a_colleague_works_on(desk: Client, ticket: Ticket, colleague: Agent) -> None:
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    assert ticket.number in text(desk.get("/wachtrijen/?show=all"))
    assert ticket.number not in text(desk.get("/wachtrijen/?show=available"))


def test_a_list_pages_by_links_that_walk_over_each_ticket_once(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    Preferences.objects.update_or_create(agent=owner, defaults={"page_size": 10})
    tickets = many(queue, 25)
    seen: list[str] = []
    address = "/status/open/"
    for _page in range(3):
        page = desk.get(address).content.decode()
        seen += [ticket.number for ticket in tickets if f"/tickets/{ticket.number}/" in page]
        following = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = "/status/open/" + following.replace("&amp;", "&")
    assert sorted(seen) == sorted(ticket.number for ticket in tickets)


def test_the_archive_jumps_to_a_day(desk: Client, queue: Queue) -> None:
    (ticket,) = many(queue, 1, state=state_by_key("closed_successful"))
    assert ticket.number in text(desk.get("/status/gesloten/?until=2026-11-24"))
    assert ticket.number not in text(desk.get("/status/gesloten/?until=2026-11-23"))


@pytest.mark.parametrize(
    "query", ["?page=x", "?sort=drop&way=up", "?until=2026-99-99", "?until=0001-01-01", "?show=%00"]
)
def test_nonsense_in_an_address_is_as_good_as_nothing(desk: Client, ticket: Ticket, query: str) -> None:
    for path in ("/wachtrijen/", "/status/open/", "/status/gesloten/"):
        assert desk.get(path + query).status_code == 200


def test_a_click_of_htmx_gets_the_list_alone(desk: Client, ticket: Ticket) -> None:
    part = desk.get("/wachtrijen/", headers={"HX-Request": "true"}).content.decode()
    assert ticket.number in part
    assert "<html" not in part


def test_the_density_of_lists_is_kept(desk: Client, owner: Agent, ticket: Ticket) -> None:
    answer = desk.post("/weergave/", {"view": "l", "back": "/status/open/"})
    assert answer.headers["Location"] == "/status/open/#view-l"
    assert "tickets--l" in text(desk.get("/wachtrijen/"))
    assert (
        desk.post("/weergave/", {"view": "x", "back": "//evil.example/"}).headers["Location"]
        == "/wachtrijen/#view-x"
    )


def test_the_ticket_screen_shows_what_was_said_and_marks_it_read(
    desk: Client, ticket: Ticket, owner: Agent
) -> None:
    assert "is-unread" in text(desk.get("/status/open/"))
    page = text(desk.get(reverse("desk:zoom", args=[ticket.number])))
    assert "Hoe gaat dat?" in page
    assert "open tickets (1)" in page.lower()
    assert "is-unread" not in text(desk.get("/status/open/"))


@pytest.fixture
def framed(queue: Queue) -> Article:
    files = (
        stored_file(PNG, name="logo.png", content_type="image/png", content_id="logo@post", is_inline=True),
        stored_file(b"<script>alert(1)</script>", name="a\r\nb.html", content_type="text/html"),
    )
    html = '<p>Hallo</p><img src="cid:logo@post"><img src="https://away.example/volg.png" alt="volg">'
    return make_ticket(queue, article=customer_mail(html=html, files=files)).articles.get()


def frame(desk: Client, article: Article, name: str) -> HttpResponse:
    return desk.get(reverse(f"desk:{name}", args=[article.ticket.number, article.pk]))  # type: ignore[return-value]  # the test client's answer is one


def test_a_mails_html_has_a_frame_and_a_policy_of_its_own(desk: Client, framed: Article) -> None:
    shown = frame(desk, framed, "article_frame")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    page = shown.content.decode()
    assert "/bijlagen/" in page
    assert ' src="https://away.example' not in page
    active = frame(desk, framed, "active_frame")
    assert ' src="https://away.example/volg.png"' in active.content.decode()
    assert "script-src" not in active.headers["Content-Security-Policy"]


def test_a_file_is_kept_and_never_run_in_our_name(desk: Client, framed: Article) -> None:
    picture, page = framed.attachments.order_by("pk")
    shown = desk.get(reverse("desk:attachment", args=[framed.ticket.number, picture.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")
    kept = desk.get(reverse("desk:attachment", args=[framed.ticket.number, page.pk]))
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in kept.headers["Content-Security-Policy"]
    assert b"".join(kept.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]  # a streamed answer


def test_a_file_of_another_ticket_is_not_there(desk: Client, framed: Article, ticket: Ticket) -> None:
    foreign = framed.attachments.order_by("pk")[0]
    assert desk.get(reverse("desk:attachment", args=[ticket.number, foreign.pk])).status_code == 404
    assert desk.get(reverse("desk:article_frame", args=[ticket.number, framed.pk])).status_code == 404


def test_the_history_tells_who_did_what(desk: Client, ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    page = text(desk.get(reverse("desk:history", args=[ticket.number])))
    assert str(owner) in page
    assert "ergrendeld" in page
