"""Many tickets merged or linked in the browser: which one is meant, what is asked, and what came of it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.desk.reading import text, untokened
from tests.factories import customer_mail, make_customer, make_ticket
from tests.house.hidden import SECRET
from tests.tickets.actions.merged import merge
from tests.tickets.bulks import chosen
from tickets.bulk_work import work_off
from tickets.models import Bulk, BulkTicket, Ticket, TicketLink

pytestmark = pytest.mark.django_db
UNKNOWN = "2020010110000019"


@pytest.fixture
def tickets(queue: Queue, customer: Customer) -> list[Ticket]:
    return [make_ticket(queue, title=f"Vraag {n}", customer=customer) for n in range(3)]


def send(desk: Client, bulk: Bulk, screen: str = "bulk_merge", **changes: Any) -> Any:
    form = {"submission": str(bulk.submission), "ticket": "", "chosen": "", "kind": "linked", **changes}
    return desk.post(reverse(f"desk:{screen}", args=[bulk.submission]), form)


def test_from_the_ticks_to_one_ticket_the_oldest_is_meant_unless_another_is_named(
    desk: Client, tickets: list[Ticket], colleague: Agent
) -> None:
    oldest, held, last = tickets
    ticks = [f"{ticket.number}:0" for ticket in tickets]
    answer = desk.post(reverse("desk:choose_bulk"), {"t": ticks, "back": "/", "do": "merge"})
    bulk = Bulk.objects.get()
    assert answer.headers["Location"] == f"/bulk/{bulk.submission}/samenvoegen/?do=merge"
    Ticket.objects.filter(pk__in=[oldest.pk, held.pk]).update(
        owner=colleague, locked=True, locked_at="2026-11-24T00:00Z"
    )
    page = text(desk.get(answer.headers["Location"]))
    assert "Bulkactie: voeg 3 tickets samen" in page
    assert re.search(rf'name="chosen" value="{oldest.number}"[^>]* checked', page)
    assert f"het oudste van de gekozen tickets · {oldest.number}" in page
    assert "Gaat over 1 van de 2 tickets." in page
    assert page.count("wordt overgeslagen") == 1
    bulk.rows.update(seen_event=10**9)
    answers = [send(desk, bulk, chosen=oldest.number) for _time in range(2)]
    work_off()
    answers.append(send(desk, bulk, chosen=oldest.number))
    assert {answer.headers["Location"] for answer in answers} == {f"/bulk/{bulk.submission}/"}
    result = text(desk.get(f"/bulk/{bulk.submission}/"))
    assert "<h1>1 ticket gewijzigd, 1 overgeslagen</h1>" in result
    assert f'Samengevoegd met: <a href="/tickets/{oldest.number}/">Vraag 0</a>' in result
    last.refresh_from_db()
    assert last.merged_into == oldest


def test_the_screen_asks_as_much_about_many_tickets_as_about_few(
    desk: Client, owner: Agent, queue: Queue, tickets: list[Ticket]
) -> None:
    many = [make_ticket(queue) for _n in range(12)]
    costs = []
    for some in (tickets, many):
        address = reverse("desk:bulk_merge", args=[chosen(owner, some).submission])
        desk.get(address)  # what is remembered for some seconds
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_number_that_may_not_be_used_and_one_that_is_not_there_look_the_same(
    desk: Client, owner: Agent, tickets: list[Ticket], other_queue: Queue
) -> None:
    """And neither falls back on the oldest, which nobody had to choose."""
    hidden = make_ticket(other_queue, title=SECRET, article=customer_mail(subject=SECRET))
    bulk = chosen(owner, tickets)
    for screen in ("bulk_merge", "bulk_link"):
        there, missing = (
            send(desk, bulk, screen, ticket=number, chosen=tickets[0].number)
            for number in (hidden.number, UNKNOWN)
        )
        assert (there.status_code, missing.status_code) == (422, 422)
        assert untokened(there).replace(hidden.number.encode(), UNKNOWN.encode()) == untokened(missing)
        assert "Er is geen ticket met dit nummer" in text(there)
    words = send(desk, bulk, ticket="heel iets anders", chosen=tickets[0].number)
    none = send(desk, bulk)
    assert (words.status_code, none.status_code) == (422, 422)
    assert not BulkTicket.objects.exclude(state=BulkTicket.CHOSEN).exists()


def test_what_is_typed_is_looked_for_and_followed_to_where_it_was_merged(
    desk: Client, owner: Agent, queue: Queue, customer: Customer, tickets: list[Ticket]
) -> None:
    main, merged = (make_ticket(queue, title=name, customer=customer) for name in ("Zomerkamp", "Weg"))
    merge(owner, merged, main)
    bulk = chosen(owner, tickets)
    found = text(send(desk, bulk, "bulk_link", ticket="zomer", look="1", chosen=tickets[0].number))
    assert ("Zomerkamp" in found, "checked" in found) == (True, False)
    answer = send(desk, bulk, "bulk_link", ticket=merged.number, kind="parts")
    work_off()
    assert answer.status_code == 302
    assert set(TicketLink.objects.values_list("source", "target", "kind")) == {
        (main.pk, ticket.pk, "parent") for ticket in tickets
    }
    assert "Een deel van: <a" in text(desk.get(answer.headers["Location"]))


def test_customers_are_asked_about_by_name_before_their_tickets_are_one(
    desk: Client, owner: Agent, queue: Queue, tickets: list[Ticket]
) -> None:
    other = make_ticket(queue, customer=make_customer("annie"))
    bulk = chosen(owner, [*tickets, other])
    asked = send(desk, bulk, chosen=tickets[0].number)
    page = text(asked)
    assert (asked.status_code, "verschillende klanten" in page, "Toch samenvoegen" in page) == (
        422,
        True,
        True,
    )
    assert str(other.customer) in page
    key = page.split('name="anyway" value="')[1].split('"')[0]
    assert send(desk, bulk, chosen=tickets[0].number, anyway=key).status_code == 302
    work_off()
    other.refresh_from_db()
    assert other.merged_into == tickets[0]


def test_without_every_right_there_is_nothing_to_be_merged_but_to_be_linked(
    client: Client, reader: Agent, tickets: list[Ticket]
) -> None:
    client.force_login(reader)
    bulk = chosen(reader, tickets)
    assert send(client, bulk, chosen=tickets[0].number).status_code == 403
    assert send(client, bulk, "bulk_link", chosen=tickets[0].number).status_code == 302
