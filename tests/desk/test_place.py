"""From a list to its tickets and on: where 'Terug' leads, and what comes after an answer."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Preferences
from desk.lists.place import Place, with_place
from queues.models import Queue, QueuePermission
from tests.desk.reading import text
from tests.factories import NOW, actor, make_ticket
from tests.house.screens import filled_in
from tickets.actions.lock import lock_ticket, take_ticket
from tickets.models import Ticket
from tickets.queries.zoom import newest_event

pytestmark = pytest.mark.django_db
NEXT = re.compile(r'<a href="(/tickets/[^"]+)">Volgende: ([^<]+)</a>')


@pytest.fixture
def row(queue: Queue) -> list[Ticket]:
    """Four tickets, the oldest first."""
    return [make_ticket(queue, title=f"Vraag {n}", now=NOW + timedelta(minutes=n)) for n in range(4)]


def opened(desk: Client, ticket: Ticket, *, at: str) -> str:
    """The address of the ticket as the list leads to it."""
    found = re.search(rf'href="(/tickets/{ticket.number}/[^"]*)" data-row', text(desk.get(at)))
    assert found
    return found[1].replace("&amp;", "&")


def answer(desk: Client, owner: Agent, ticket: Ticket, *, at: str, **changes: object) -> HttpResponse:
    """Answer a ticket that was opened from a list."""
    query = opened(desk, ticket, at=at).partition("?")[2]
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=timezone.now())
    form = filled_in("reply", ticket=ticket, target=ticket.queue, seen_event=newest_event(ticket).event)
    address = reverse("desk:reply", args=[ticket.number])
    return desk.post(f"{address}?{query}", form | changes, follow=True)  # type: ignore[return-value]


def test_the_way_back_leads_to_the_list_without_script_too(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    page = text(desk.get(opened(desk, ticket, at=f"/wachtrijen/{queue.pk}/?show=available")))
    way = rf"\?show=available&amp;sort=age&amp;way=up#t{ticket.number}"
    back = rf'class="act actions__back" href="/wachtrijen/{queue.pk}/{way}"'
    assert re.search(back, page)
    cancel = desk.post(
        reverse("desk:cancel", args=[ticket.number]), {"from": Place("/status/open/", {}).token}
    )
    assert cancel.headers["Location"].startswith(f"/tickets/{ticket.number}/?from=")


@pytest.mark.parametrize("token", ["", "/status/open/", "//elders.example:x", "x" * 5000, "\0", "é:é"])
def test_a_list_that_we_did_not_sign_is_none(desk: Client, ticket: Ticket, token: str) -> None:
    page = text(desk.get(f"/tickets/{ticket.number}/?from={quote(token)}"))
    assert f'class="act actions__back" href="/wachtrijen/{ticket.queue_id}/#t{ticket.number}"' in page


def test_a_list_makes_the_address_of_its_ticket_hardly_longer_than_by_its_own() -> None:
    """It stands twice in each row."""
    place = Place("/status/gesloten/", {"sort": "closed", "way": "down"})
    assert len(with_place("/tickets/1/", place)) <= len("/tickets/1/") + len(place.address) + 32


@pytest.mark.parametrize(("way", "following"), [("up", "Vraag 3"), ("down", "Vraag 0")])
def test_after_an_answer_the_next_of_the_list_is_offered_that_can_be_gone_on_with(
    desk: Client, row: list[Ticket], owner: Agent, colleague: Agent, queue: Queue, way: str, following: str
) -> None:
    lock_ticket(actor=actor(colleague), ticket=row[2], now=NOW)
    page = text(answer(desk, owner, row[1], at=f"/wachtrijen/{queue.pk}/?sort=age&way={way}"))
    assert [title for _address, title in NEXT.findall(page)] == [following]
    assert "<h1>Wachtrijoverzicht" in page


def test_nothing_is_offered_behind_the_last_one(desk: Client, row: list[Ticket], owner: Agent) -> None:
    page = text(answer(desk, owner, row[-1], at="/status/open/?sort=age&way=up"))
    assert "onderweg" in page
    assert not NEXT.search(page)


@pytest.mark.parametrize(
    ("after", "leads_to"),
    [
        ("list", "/status/open/?sort=age&way=up"),
        ("next", "/tickets/{next}/?from="),
        ("ticket", "/tickets/{this}/?from="),
    ],
)
def test_after_an_answer_one_is_where_one_likes_to_be(
    desk: Client, row: list[Ticket], owner: Agent, after: str, leads_to: str
) -> None:
    desk.post(reverse("desk:keep_after_answer"), {"after_answer": after})
    assert Preferences.objects.get(agent=owner).after_answer == after
    came = answer(desk, owner, row[0], at="/status/open/?sort=age&way=up")
    address = came.redirect_chain[-1][0]  # type: ignore[attr-defined]
    assert address.startswith(leads_to.format(next=row[1].number, this=row[0].number))


def test_a_list_that_one_may_not_see_any_more_offers_nothing(
    desk: Client, row: list[Ticket], owner: Agent, queue: Queue, stranger: Agent
) -> None:
    form = filled_in("reply", ticket=row[0], target=queue)
    take_ticket(actor=actor(owner), ticket=row[0], right=QueuePermission.Right.ALL, now=timezone.now())
    gone = Place("/wachtrijen/999999/", {"sort": "nonsense"}).token
    page = text(desk.post(f"/tickets/{row[0].number}/antwoord/?from={gone}", form, follow=True))
    assert not NEXT.search(page)
