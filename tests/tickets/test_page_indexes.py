"""Which index serves a list: an order of the archive without one would read all of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer
from queues.access import rights_of
from queues.models import Queue
from tickets.queries.pages import CLOSED_ORDERS, LAST, TicketPage, closed_page, open_page
from tickets.queries.zoom import closed_tickets_of, open_tickets_of

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
        return closed_page(
            rights=rights, agent=owner, queue_ids=[queue.pk], sort=sort, size=50, cursor=cursor
        )

    rights = rights_of(owner)
    shown = plan(ask)
    assert f"using {OF_ARCHIVE[sort]} " in shown
    assert shown.count("Sort Key") == 1  # that of the merged queues; none within a queue


@pytest.mark.parametrize(
    ("mine", "index"), [("owned", "ticket_open_owner"), ("locked", "ticket_open_owner"), ("", "open_queue")]
)
def test_open_tickets_are_found_among_the_open_ones(
    owner: Agent, queue: Queue, mine: str, index: str
) -> None:
    rights = rights_of(owner)
    shown = plan(
        lambda: open_page(
            rights=rights,
            agent=owner,
            queue_ids=[queue.pk],
            mine=mine,  # type: ignore[arg-type]  # the words of the parameters above
            size=50,
        )
    )
    assert index in shown


def test_a_customers_tickets_are_found_by_the_customer(
    owner: Agent, queue: Queue, customer: Customer
) -> None:
    rights = rights_of(owner)
    given: dict[str, Any] = {"rights": rights, "agent": owner, "queue_ids": [queue.pk]}
    given["customer_id"] = customer.pk
    assert "ticket_closed_customer" in plan(lambda: closed_page(**given, size=50))
    assert "customer" in plan(lambda: open_page(**given, size=50))
    assert "ticket_open_customer" in plan(lambda: open_tickets_of(customer=customer, rights=rights))
    assert "customer" in plan(lambda: closed_tickets_of(customer=customer, rights=rights))
