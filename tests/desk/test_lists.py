"""The lists' comforts: order and size are kept, every tab counts right, and rows cost no statements."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer, Preferences
from queues.models import Queue, QueuePermission
from tests.desk.every_list import addresses_of_lists, make_for_every_list
from tests.desk.reading import numbers, text
from tests.factories import NOW, actor, customer_mail, grant, make_customer, make_queue, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actions.watch import watch_ticket
from tickets.actor import Actor
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def statements(desk: Client, address: str, *, rows: int) -> int:
    """How many a request costs that finds what is kept for some seconds (the notices, the states)."""
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert len(numbers(desk.get(address))) == rows
        counts.append(len(captured))
    return min(counts)


def foot_orders(page: Any) -> list[tuple[str, bool]]:
    """The words at a list's foot that it can be sorted by, and which of them it is sorted by."""
    found = re.findall(r'name="sort" value="[^"]*"\s+aria-pressed="(true|false)">([^<]*)<', text(page))
    return [(word, pressed == "true") for pressed, word in found]


def test_a_list_costs_as_many_statements_at_two_rows_as_at_twenty(
    desk: Client, owner: Agent, queue: Queue, customer: Customer
) -> None:
    addresses = addresses_of_lists(queue, customer)
    addresses += [f"{address}?page=last" for address in addresses]
    few = {}
    make_for_every_list(2, queue=queue, customer=customer, owner=owner)
    for address in addresses:
        few[address] = statements(desk, address, rows=2)
        of_the_customer = 2 if address.startswith("/klanten/") else 0  # their page says who they are
        of_the_tabs = 1 if address.startswith("/dashboard/") else 0  # each counts in its own queues
        assert few[address] <= 8 + of_the_customer + of_the_tabs, address
    make_for_every_list(18, queue=queue, customer=customer, owner=owner)
    many = {address: statements(desk, address, rows=20) for address in addresses}
    assert many == few


def test_tickets_of_many_customers_cost_no_more(
    desk: Client, owner: Agent, queue: Queue, customer: Customer
) -> None:
    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(address)
        return len(captured)

    addresses = addresses_of_lists(queue, customer)
    before = {address: counted(address) for address in addresses}
    for n in range(6):
        make_ticket(queue, customer=make_customer(), owner=owner if n % 2 else None)
        make_ticket(queue, customer=make_customer(), state=state_by_key("closed_successful"))
    for address in addresses:
        assert counted(address) <= max(before[address] + 2, 9), address


def test_the_order_of_each_kind_of_list_is_kept(desk: Client, owner: Agent, queue: Queue) -> None:
    tickets = [make_ticket(queue, title=title, now=NOW) for title in "bac"]
    first, second, third = (ticket.number for ticket in tickets)
    answer = desk.post(
        "/weergave/", {"list": "queues", "order": "number:down", "back": "/wachtrijen/?show=all"}
    )
    assert answer.headers["Location"] == "/wachtrijen/?show=all#order-number"
    assert numbers(desk.get("/wachtrijen/")) == [third, second, first]
    assert 'aria-sort="descending"' in text(desk.get("/wachtrijen/"))
    assert numbers(desk.get("/mijn/eigenaar/")) == []
    desk.post("/weergave/", {"list": "open", "order": "title:up"})
    assert numbers(desk.get("/status/open/")) == [second, first, third]
    assert numbers(desk.get("/wachtrijen/")) == [third, second, first]
    assert Preferences.objects.get(agent=owner).orders == {"queues": "number:down", "open": "title:up"}


def test_a_ticket_whose_customer_wrote_again_comes_up_in_the_order_by_last_contact(
    desk: Client, queue: Queue
) -> None:
    old, new = (make_ticket(queue, now=NOW + timedelta(hours=hours)) for hours in range(2))
    desk.post("/weergave/", {"list": "open", "order": "contact:down"})
    assert numbers(desk.get("/status/open/")) == [new.number, old.number]
    later = NOW + timedelta(hours=5)
    add_follow_up(actor=Actor.mail(), ticket=old, article=customer_mail(), now=later)
    page = desk.get("/status/open/")
    assert numbers(page) == [old.number, new.number]
    assert foot_orders(page) == [
        ("leeftijd", False),
        ("laatste contact", True),
        ("prioriteit", False),
        ("onderwerp", False),
    ]
    back = desk.post("/weergave/", {"list": "open", "sort": "age:up", "back": "/status/open/"})
    assert back.headers["Location"] == "/status/open/#sort-age"  # the column's head may not be shown
    assert foot_orders(desk.get("/status/open/"))[0] == ("leeftijd", True)


def test_an_order_in_the_address_comes_before_the_kept_one(desk: Client, queue: Queue) -> None:
    first, second = (make_ticket(queue).number for _n in range(2))
    desk.post("/weergave/", {"list": "queues", "order": "number:down"})
    assert numbers(desk.get("/wachtrijen/?sort=number&way=up")) == [first, second]


@pytest.mark.parametrize(
    "chosen",
    [
        {"list": "queues", "order": "drop:sideways"},
        {"list": "queues", "order": "number"},
        {"list": "nonsense", "order": "number:up"},
        {"size": "0"},
        {"size": "1000"},
        {"size": "x"},
        {"view": "x"},
        {},
    ],
)
def test_nonsense_is_not_kept(desk: Client, owner: Agent, chosen: dict[str, str]) -> None:
    assert desk.post("/weergave/", chosen).status_code == 302
    assert not Preferences.objects.filter(agent=owner).exists()


def test_a_kept_order_that_a_list_does_not_have_is_as_good_as_none(desk: Client, queue: Queue) -> None:
    number = make_ticket(queue, state=state_by_key("closed_successful")).number
    desk.post("/weergave/", {"list": "closed", "order": "owner:up"})
    assert numbers(desk.get("/status/gesloten/")) == [number]


def test_the_heads_offer_the_other_way_and_the_archive_only_two(desk: Client, queue: Queue) -> None:
    make_ticket(queue)
    make_ticket(queue, state=state_by_key("closed_successful"))
    assert 'value="age:down"' in text(desk.get("/wachtrijen/"))
    archive = text(desk.get("/status/gesloten/"))
    assert archive.count('name="order"') == 2
    assert 'value="closed:up"' in archive


def test_the_size_of_a_page_is_kept(desk: Client, queue: Queue) -> None:
    for _n in range(12):
        make_ticket(queue)
    assert desk.post("/weergave/", {"size": "10", "back": "/status/open/"}).headers["Location"] == (
        "/status/open/#size-10"
    )
    assert len(numbers(desk.get("/status/open/"))) == 10
    assert 'value="10" title="10 tickets per pagina" aria-pressed="true"' in text(desk.get("/wachtrijen/"))


def test_number_in_the_tree_in_the_footer_and_rows_of_the_list_are_one_number_for_personal_lists_too(
    desk: Client, owner: Agent, colleague: Agent, queue: Queue, other_queue: Queue
) -> None:
    """Tallies are kept by a trigger: what a transaction changed, it counts."""
    tickets = [make_ticket(queue) for _n in range(4)]
    make_ticket(queue, state=state_by_key("closed_successful"))
    lock_ticket(actor=actor(owner), ticket=tickets[0], now=NOW)
    watch_ticket(actor=actor(owner), ticket=tickets[1], now=NOW)
    add_note(actor=actor(colleague), ticket=tickets[2], **words(asked=(owner,)))
    assert shown(desk, "/wachtrijen/?show=all") == {"Alle tickets": 4, "Tickets beschikbaar": 3}
    assert shown(desk, "/status/open/") == {"open": 4, "gesloten": 1}
    assert shown(desk, "/mijn/vergrendeld/") == {
        "vergrendeld": 1,
        "eigenaar": 1,
        "gevraagd": 1,
        "gevolgd": 1,
    }
    for path, rows in (
        ("/wachtrijen/?show=all", 4),
        ("/wachtrijen/?show=available", 3),
        ("/status/gesloten/", 1),
        *((f"/mijn/{name}/", 1) for name in ("vergrendeld", "eigenaar", "gevraagd", "gevolgd")),
        ("/dashboard/nieuw/alle/", 4),
    ):
        page = desk.get(path)
        assert len(numbers(page)) == rows
        assert f"1–{rows} van {rows}" in text(page)  # the footer
    counters = text(desk.get("/status/open/"))
    assert [f'data-counter="{name}">1<' in counters for name in ("asked", "locked", "owned")] == [True] * 3
    Ticket.objects.filter(pk=tickets[1].pk).update(queue=other_queue)
    assert shown(desk, "/wachtrijen/?show=all") == {"Alle tickets": 3, "Tickets beschikbaar": 2}
    assert "(3)" in text(desk.get("/wachtrijen/"))


def shown(desk: Client, path: str) -> dict[str, int]:
    """The words of a list's tabs, each with its count."""
    tabs = text(desk.get(path)).partition('<ul class="seg"')[2].partition("</ul>")[0].split("<b>")
    words = [tab.rpartition(">")[2].rstrip(": ") for tab in tabs[:-1]]
    return dict(zip(words, (int(tab.partition("<")[0]) for tab in tabs[1:]), strict=True))


def test_behind_the_end_of_a_list_its_last_page_is_shown(desk: Client, queue: Queue) -> None:
    tickets = [make_ticket(queue, now=NOW + timedelta(minutes=minute)) for minute in range(12)]
    desk.post("/weergave/", {"size": "10"})
    page = desk.get("/wachtrijen/").content.decode()
    following = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    closed = state_by_key("closed_successful")
    late = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets[10:]])
    late.update(state=closed, state_type=closed.type, closed_at=NOW)
    last = desk.get("/wachtrijen/" + following.replace("&amp;", "&"))
    assert numbers(last) == [ticket.number for ticket in tickets[:10]]
    assert "Alles is beantwoord" not in text(last)


def test_a_queue_out_of_use_still_shows_what_is_in_it_and_stays_in_the_tree_while_that_is_open(
    desk: Client, queue: Queue, customer: Customer
) -> None:
    def in_the_tree() -> bool:
        page = text(desk.get("/wachtrijen/"))
        return f"/wachtrijen/{queue.pk}/" in page and "(niet in gebruik)" in page

    ticket = make_ticket(queue, customer=customer)
    Queue.objects.filter(pk=queue.pk).update(is_active=False)
    assert in_the_tree()
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
    assert not in_the_tree()
    assert f"/wachtrijen/{queue.pk}/" in text(desk.get(f"/wachtrijen/{queue.pk}/"))


def test_an_empty_archive_speaks_of_what_is_closed_and_an_empty_list_of_questions(
    desk: Client, queue: Queue
) -> None:
    """And neither of the other."""
    pages = [text(desk.get(path)) for path in ("/status/gesloten/", "/status/open/")]
    assert ["Hier is niets gesloten" in page for page in pages] == [True, False]
    assert ["Hier valt niets te beantwoorden" in page for page in pages] == [False, True]


def test_a_queue_four_levels_deep_is_in_the_tree(desk: Client, owner: Agent) -> None:
    deep = make_queue("Spel::Buiten::Bos::Nacht")
    grant(owner, deep, QueuePermission.Right.ALL)
    assert f"/wachtrijen/{deep.pk}/" in text(desk.get("/wachtrijen/"))
