"""Which index serves a list: an order of the archive without one would read all of it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import actor
from tickets.queries.orders import CLOSED_ORDERS
from tickets.queries.pages import LAST, TicketPage, Wish, page_of
from tickets.queries.which import CLOSED, OPEN, Which, locked_by, of_customer, owned_by

pytestmark = pytest.mark.django_db

OF_ARCHIVE = {
    "closed": "ticket_closed_queue",
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


def plan_of(which: Which, agent: Agent, queue: Queue) -> str:
    looking = actor(agent)
    return plan(lambda: page_of(which, actor=looking, queues=[queue.pk], wish=Wish(size=50)))


@pytest.mark.parametrize("sort", sorted(CLOSED_ORDERS))
@pytest.mark.parametrize("cursor", ["", LAST])
def test_every_order_of_the_archive_has_an_index(owner: Agent, queue: Queue, sort: str, cursor: str) -> None:
    def ask() -> TicketPage:
        wish = Wish(sort=sort, size=50, cursor=cursor)
        return page_of(CLOSED, actor=looking, queues=[queue.pk], wish=wish)

    looking = actor(owner)
    shown = plan(ask)
    assert f"using {OF_ARCHIVE[sort]} " in shown
    assert shown.count("Sort Key") == 1  # that of the merged queues; none within a queue


# Which of several indexes it is, PostgreSQL decides by the numbers of rows, of which a test has none.


@pytest.mark.parametrize("mine", [owned_by, locked_by, None])
def test_open_tickets_are_found_among_the_open_ones(
    owner: Agent, queue: Queue, mine: Callable[[Agent], Which] | None
) -> None:
    shown = plan_of(mine(owner) if mine else OPEN, owner, queue)
    assert "using ticket_open_" in shown
    assert "ticket_closed_" not in shown


def test_a_customers_archive_is_not_sorted(owner: Agent, queue: Queue, customer: Customer) -> None:
    archive = plan_of(CLOSED & of_customer(customer.pk), owner, queue)
    assert "using ticket_closed_" in archive
    assert archive.count("Sort Key") == 1
