"""Paging where it hurts: ties, rows that come and go between two pages, keys that are nothing, accents."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_agent, make_customer, make_ticket
from tests.tickets.listed import tickets_on
from tickets.actions.close import close_ticket
from tickets.changing.written import Written
from tickets.models import Ticket
from tickets.queries.orders import CLOSED_ORDERS, OPEN_ORDERS
from tickets.queries.pages import LAST, TicketPage, Wish, page_of
from tickets.queries.which import CLOSED, OPEN, Which
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def page(agent: Agent, queue: Queue, which: Which = OPEN, **wish: Any) -> TicketPage:
    defaults: dict[str, Any] = {"size": 2}
    return page_of(which, actor=actor(agent), queues=[queue.pk], wish=Wish(**(defaults | wish)))


def archive(agent: Agent, queue: Queue, **wish: Any) -> TicketPage:
    return page(agent, queue, CLOSED, **wish)


def close(agent: Agent, *tickets: Ticket) -> None:
    for ticket in tickets:
        close_ticket(
            actor=actor(agent),
            ticket=ticket,
            note=Written(submission=uuid4(), subject="Klaar", html="<p>Klaar</p>"),
            state=state_by_key("closed_successful"),
            now=NOW + timedelta(days=1),
        )


@pytest.fixture
def five(queue: Queue) -> list[Ticket]:
    """Five tickets made one after the other."""
    return [make_ticket(queue, now=NOW + timedelta(minutes=minute)) for minute in range(5)]


@pytest.mark.parametrize("descending", [True, False])
def test_tickets_of_the_same_moment_stand_in_one_order_and_none_is_lost(
    owner: Agent, queue: Queue, *, descending: bool
) -> None:
    tickets = [make_ticket(queue) for _n in range(5)]
    pages: list[TicketPage] = []
    cursor: str | None = ""
    while cursor is not None:
        pages.append(page(owner, queue, cursor=cursor, descending=descending))
        cursor = pages[-1].next
    assert tickets_on(*pages) == (tickets[::-1] if descending else tickets)


def test_a_ticket_that_leaves_the_list_takes_no_other_with_it(
    owner: Agent, queue: Queue, five: list[Ticket]
) -> None:
    first = page(owner, queue)
    close(owner, five[0], five[1])
    assert tickets_on(page(owner, queue, cursor=first.next or "")) == five[2:4]


def test_behind_the_end_is_the_last_page_not_an_empty_one(
    owner: Agent, queue: Queue, five: list[Ticket]
) -> None:
    second = page(owner, queue, cursor=page(owner, queue).next or "")
    close(owner, five[4])
    shown = page(owner, queue, cursor=second.next or "")
    assert (tickets_on(shown), shown.next) == (five[2:4], None)
    assert tickets_on(page(owner, queue, cursor=shown.previous or "")) == five[:2]


def test_a_list_that_was_emptied_meanwhile_is_empty(owner: Agent, queue: Queue, five: list[Ticket]) -> None:
    following = page(owner, queue).next or ""
    close(owner, *five)
    assert page(owner, queue, cursor=following) == TicketPage(rows=[])


def test_before_the_start_is_the_first_page_and_a_full_one(
    owner: Agent, queue: Queue, five: list[Ticket]
) -> None:
    second = page(owner, queue, cursor=page(owner, queue).next or "")
    close(owner, five[0])
    shown = page(owner, queue, cursor=second.previous or "")
    assert (tickets_on(shown), shown.previous) == (five[1:3], None)


def test_back_to_the_exact_start_has_nothing_before_it(
    owner: Agent, queue: Queue, five: list[Ticket]
) -> None:
    second = page(owner, queue, cursor=page(owner, queue).next or "")
    shown = page(owner, queue, cursor=second.previous or "")
    assert (tickets_on(shown), shown.previous) == (five[:2], None)


def test_a_last_page_that_is_the_only_one_leads_nowhere(
    owner: Agent, queue: Queue, five: list[Ticket]
) -> None:
    shown = page(owner, queue, cursor=LAST, size=5)
    assert (tickets_on(shown), shown.previous, shown.next) == (five, None, None)


@pytest.mark.parametrize("sort", ["owner", "customer"])
@pytest.mark.parametrize("descending", [True, False])
def test_tickets_without_owner_or_customer_have_their_place_in_the_order(
    owner: Agent, queue: Queue, sort: str, *, descending: bool
) -> None:
    nameless = make_agent("zzz")
    nameless.first_name = ""
    nameless.save(update_fields=["first_name"])
    nobody = [make_ticket(queue), make_ticket(queue)]
    first = make_ticket(queue, owner=owner, customer=make_customer("b@post.example"))
    last = make_ticket(queue, owner=nameless, customer=make_customer("c@post.example"))
    expected = [*nobody, first, last]
    pages: list[TicketPage] = []
    cursor: str | None = ""
    while cursor is not None:
        pages.append(page(owner, queue, sort=sort, cursor=cursor, descending=descending))
        cursor = pages[-1].next
    assert tickets_on(*pages) == (expected[::-1] if descending else expected)


def test_accents_and_capitals_stand_beside_their_letter(owner: Agent, queue: Queue) -> None:
    names = ["émile", "Eva", "EMMA", "Zoë", "Élodie"]
    for name in names:
        make_ticket(queue, article=customer_mail(sender_name=name))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        shown = page(owner, queue, sort="sender", cursor=cursor)
        seen, cursor = seen + [row.sender_name for row in shown.rows], shown.next
    assert seen == ["Élodie", "émile", "EMMA", "Eva", "Zoë"]


def test_a_key_of_odd_characters_still_leads_to_the_next_page(owner: Agent, queue: Queue) -> None:
    tickets = [make_ticket(queue, title=f"a\u200b\t% \\ ' \U0001f600 {n}") for n in range(3)]
    first = page(owner, queue, sort="title")
    second = page(owner, queue, sort="title", cursor=first.next or "")
    assert tickets_on(first, second) == tickets


FORGED: list[object] = [
    ["next", "\ud800", 1],
    ["next", "2026-W47-2T10:00:00", 1],
    ["next", "2026-02-30 10:00:00+00", 1],
    ["next", "x", True],
    ["next", "x", -1],
    ["next", "x", 2**63],
    ["next", None, 1],
    ["sideways", "x", 1],
    {},
]


@pytest.mark.parametrize("sort", sorted({*OPEN_ORDERS, *CLOSED_ORDERS}))
def test_a_forged_cursor_is_no_error(owner: Agent, queue: Queue, sort: str) -> None:
    ticket = make_ticket(queue)
    for forged in FORGED:
        cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")
        assert tickets_on(page(owner, queue, sort=sort, cursor=cursor)) == [ticket], forged
        assert archive(owner, queue, sort=sort, cursor=cursor).rows == [], forged


@pytest.mark.parametrize("sort", sorted(CLOSED_ORDERS))
def test_a_jump_to_a_day_counts_in_every_order_of_the_archive(owner: Agent, queue: Queue, sort: str) -> None:
    days = [NOW - timedelta(days=2), NOW - timedelta(days=1), NOW]
    closed = [make_ticket(queue, now=day, state=state_by_key("closed_successful")) for day in days]
    midnight = NOW - timedelta(hours=11)  # in Amsterdam
    assert tickets_on(archive(owner, queue, sort=sort, until=midnight)) == closed[1::-1]
