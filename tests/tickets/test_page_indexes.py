"""Which index serves a list: an order of the archive without one would read all of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import actor
from tickets.queries.pages import CLOSED_ORDERS, LAST, TicketPage, closed_page, open_page

pytestmark = pytest.mark.django_db

OF_ARCHIVE = {
    "closed": "ticket_closed_queue",
    "created": "ticket_closed_created",
    "number": "ticket_closed_number",
}


def plan(ask: Callable[[], object]) -> str:
    """How PostgreSQL gets the first statement's rows, where it may neither read all tickets nor sort them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        with CaptureQueriesContext(connection) as asked:
            ask()
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"].replace("%", "%%"))
        return "\n".join(str(row[0]) for row in cursor.fetchall())


@pytest.mark.parametrize("sort", sorted(CLOSED_ORDERS))
@pytest.mark.parametrize("cursor", ["", LAST])
def test_every_order_of_the_archive_has_an_index(owner: Agent, queue: Queue, sort: str, cursor: str) -> None:
    def ask() -> TicketPage:
        return closed_page(actor=looking, queue_ids=[queue.pk], sort=sort, size=50, cursor=cursor)

    looking = actor(owner)
    shown = plan(ask)
    assert f"using {OF_ARCHIVE[sort]} " in shown
    assert shown.count("Sort Key") == 1  # that of the merged queues; none within a queue


# Which of several indexes it is, PostgreSQL decides by the numbers of rows, of which a test has none.


@pytest.mark.parametrize("mine", ["owned", "locked", ""])
def test_open_tickets_are_found_among_the_open_ones(owner: Agent, queue: Queue, mine: str) -> None:
    given: dict[str, Any] = {
        "actor": actor(owner),
        "queue_ids": [queue.pk],
        "mine": mine,
    }
    shown = plan(lambda: open_page(**given, size=50))
    assert "using ticket_open_" in shown
    assert "ticket_closed_" not in shown


def test_a_customers_archive_is_not_sorted(owner: Agent, queue: Queue, customer: Customer) -> None:
    given: dict[str, Any] = {"actor": actor(owner), "queue_ids": [queue.pk]}
    given["customer_id"] = customer.pk
    archive = plan(lambda: closed_page(**given, size=50))
    assert "using ticket_closed_" in archive
    assert archive.count("Sort Key") == 1
