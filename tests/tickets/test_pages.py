"""Pages of tickets: order, keys, rights, unread, and counts that agree with the truth."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.access import rights_of
from queues.models import Queue
from tests.factories import NOW, actor, make_ticket
from tests.tickets.listed import tickets_on
from tickets.actions.lock import lock_ticket
from tickets.actions.seen import mark_seen
from tickets.models import Ticket
from tickets.queries.counted import my_counters
from tickets.queries.counts import queue_counts
from tickets.queries.listed import Listed
from tickets.queries.orders import CLOSED_ORDERS, OPEN_ORDERS
from tickets.queries.pages import LAST, TicketPage, Wish, page_of
from tickets.queries.which import AVAILABLE, CLOSED, OPEN, Which
from tickets.states import state_by_key
from tickets.tally import fold, wrong_tallies

pytestmark = pytest.mark.django_db


def make_many(queue: Queue, n: int, **values: Any) -> list[Ticket]:
    return [make_ticket(queue, now=NOW + timedelta(minutes=minute), **values) for minute in range(n)]


def page(agent: Agent, queue: Queue, which: Which = OPEN, **wish: Any) -> TicketPage:
    defaults: dict[str, Any] = {"size": 2}
    return page_of(which, actor=actor(agent), queues=[queue.pk], wish=Wish(**(defaults | wish)))


def test_pages_walk_forth_and_back_over_every_ticket_once(owner: Agent, queue: Queue) -> None:
    tickets = make_many(queue, 5)
    first = page(owner, queue)
    second = page(owner, queue, cursor=first.next or "")
    third = page(owner, queue, cursor=second.next or "")
    assert tickets_on(first, second, third) == tickets
    assert (first.previous, third.next) == (None, None)
    assert page(owner, queue, cursor=third.previous or "").rows == second.rows
    assert tickets_on(page(owner, queue, cursor=LAST)) == tickets[3:]


@pytest.mark.parametrize("sort", sorted(OPEN_ORDERS))
@pytest.mark.parametrize("descending", [True, False])
def test_every_column_sorts_and_pages_without_losing_one(
    owner: Agent, queue: Queue, sort: str, *, descending: bool
) -> None:
    tickets = make_many(queue, 5)
    rows: list[Listed] = []
    cursor = ""
    for _page in range(4):
        shown = page(owner, queue, sort=sort, descending=descending, cursor=cursor)
        rows += shown.rows
        if not (cursor := shown.next or ""):
            break
    assert sorted(row.pk for row in rows) == [ticket.pk for ticket in tickets]


@pytest.mark.parametrize("sort", sorted(CLOSED_ORDERS))
def test_the_archive_pages_by_key_and_jumps_to_a_day(owner: Agent, queue: Queue, sort: str) -> None:
    tickets = make_many(queue, 3, state=state_by_key("closed_successful"))
    first = page(owner, queue, CLOSED, sort=sort)
    second = page(owner, queue, CLOSED, sort=sort, cursor=first.next or "")
    assert tickets_on(first, second) == tickets[::-1]
    until = NOW + timedelta(minutes=1)
    assert tickets_on(page(owner, queue, CLOSED, until=until)) == tickets[:1]


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WyJuZXh0IiwieCIsMV0", "bGFzdA", "\x00"])
def test_a_cursor_of_nonsense_is_the_first_page(owner: Agent, queue: Queue, cursor: str) -> None:
    tickets = make_many(queue, 1)
    assert tickets_on(page(owner, queue, cursor=cursor)) == tickets


def test_a_stranger_sees_no_ticket_and_no_count(stranger: Agent, queue: Queue, ticket: Ticket) -> None:
    assert page(stranger, queue).rows == []
    assert queue_counts(rights=rights_of(stranger)).of(queue.pk).open == 0


def test_available_leaves_out_what_is_locked(owner: Agent, queue: Queue, ticket: Ticket) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    assert tickets_on(page(owner, queue)) == [ticket]
    assert page(owner, queue, AVAILABLE).rows == []
    counts = queue_counts(rights=rights_of(owner)).of(queue.pk)
    assert (counts.open, counts.available) == (1, 0)
    assert my_counters(actor(owner)).locked == 1


def test_a_ticket_is_unread_until_its_newest_mail_was_seen(
    owner: Agent, queue: Queue, ticket: Ticket
) -> None:
    assert [row.is_unread for row in page(owner, queue).rows] == [True]
    mark_seen(agent=owner, ticket=ticket, upto=ticket.latest_customer_article or 0)
    assert [row.is_unread for row in page(owner, queue).rows] == [False]


def test_the_queries_of_a_page_do_not_grow_with_its_rows(owner: Agent, queue: Queue) -> None:
    make_many(queue, 2)
    few = queries(owner, queue)
    make_many(queue, 18)
    assert queries(owner, queue) == few <= 2


def queries(owner: Agent, queue: Queue) -> int:
    looking = actor(owner)
    with CaptureQueriesContext(connection) as captured:
        shown = page_of(OPEN, actor=looking, queues=[queue.pk], wish=Wish(size=50))
        assert shown.rows
    return len(captured)


def test_tallies_agree_with_the_truth_before_and_after_folding(owner: Agent, queue: Queue) -> None:
    tickets = make_many(queue, 3)
    lock_ticket(actor=actor(owner), ticket=tickets[0], now=NOW)
    assert wrong_tallies() == 0
    assert fold()
    assert wrong_tallies() == 0
    assert queue_counts(rights=rights_of(owner)).of(queue.pk).available == 2
