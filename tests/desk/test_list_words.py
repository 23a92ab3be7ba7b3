"""What stands above a list's rows is true: which way a column runs, and which of how many are shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.desk.every_list import addresses_of_lists, make_for_every_list
from tests.desk.reading import numbers, text
from tests.factories import NOW, make_ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("way", "sorted_as"), [("up", "descending"), ("down", "ascending")])
def test_the_age_column_says_which_way_its_ages_run(
    desk: Client, queue: Queue, way: str, sorted_as: str
) -> None:
    """It is sorted by when a ticket was made, and shows how long ago that was: the other way round."""
    made = [make_ticket(queue, now=NOW + timedelta(days=day)).number for day in range(3)]
    page = desk.get(f"/wachtrijen/?sort=age&way={way}")
    assert numbers(page) == (made if way == "up" else made[::-1])
    assert f'aria-sort="{sorted_as}"><button id="order-age" form="volgorde" name=' in text(page)
    assert text(page).count("aria-sort") == 1
    arrow = "down" if sorted_as == "descending" else "up"
    assert f"#i-{arrow}" in text(page).partition("aria-sort")[2].partition("</th>")[0]


def range_of(answer: Any) -> str:
    """The line that says which of how many are shown."""
    return text(answer).partition('<p class="overview__range">')[2].partition("<")[0]


def test_the_ends_of_a_list_say_which_of_how_many_they_are(
    desk: Client, owner: Agent, queue: Queue, customer: Customer
) -> None:
    addresses = addresses_of_lists(queue, customer)
    assert {range_of(desk.get(address)) for address in addresses} == {""}
    make_for_every_list(24, queue=queue, customer=customer, owner=owner)
    desk.post("/weergave/", {"size": "25"})
    assert {range_of(desk.get(address)) for address in addresses} == {"1–24 van 24"}
    desk.post("/weergave/", {"size": "10"})
    for address in addresses:
        first = desk.get(address)
        assert range_of(first) == "1–10 van 24", address
        assert range_of(desk.get(address + first.context["listing"].next)) == "10 van 24", address
        assert range_of(desk.get(f"{address}?page=last")) == "15–24 van 24", address


def test_a_list_that_begins_at_a_day_does_not_say_that_it_begins_at_the_first(
    desk: Client, queue: Queue
) -> None:
    for day in range(12):
        closed = state_by_key("closed_successful")
        make_ticket(queue, state=closed, now=NOW + timedelta(days=day))
    desk.post("/weergave/", {"size": "10"})
    assert range_of(desk.get(f"/status/gesloten/?until={NOW + timedelta(days=10):%Y-%m-%d}")) == "10 van 12"
    assert range_of(desk.get(f"/status/gesloten/?until={NOW + timedelta(days=2):%Y-%m-%d}")) == "10–12 van 12"


def test_a_count_that_stopped_is_no_total(
    desk: Client, owner: Agent, queue: Queue, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if counting stopped at three instead of a thousand."""
    monkeypatch.setattr("tickets.queries.counted.COUNT_MOST", 3)
    for _n in range(12):
        make_ticket(queue, customer=customer, owner=owner, locked=True)
    desk.post("/weergave/", {"size": "10"})
    for path in ("/mijn/vergrendeld/", "/mijn/eigenaar/", f"/klanten/{customer.pk}/tickets/open/"):
        assert range_of(desk.get(path)) == ""
        assert "<b>3+</b>" in desk.get(path).content.decode()
    assert range_of(desk.get("/status/open/")) == "1–10 van 12"
    assert "<b>12</b>" in desk.get("/status/open/").content.decode()
    monkeypatch.setattr("tickets.queries.customer_pages.COUNT_MOST", 3)
    assert '<td class="c-n">3+<' in desk.get("/klanten/").content.decode()
