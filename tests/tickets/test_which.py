"""Which tickets a list is about: conditions that are put together."""

import pytest

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import actor, make_agent, make_customer, make_ticket
from tests.tickets.listed import tickets_on
from tickets.models import Ticket
from tickets.queries.pages import Wish, page_of
from tickets.queries.which import AVAILABLE, CLOSED, OPEN, Which, locked_by, of_customer, owned_by
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def tickets_of(which: Which, agent: Agent, queue: Queue, sort: str = "") -> list[Ticket]:
    return tickets_on(page_of(which, actor=actor(agent), queues=[queue.pk], wish=Wish(size=50, sort=sort)))


def test_each_list_holds_its_tickets_and_no_other(owner: Agent, queue: Queue, customer: Customer) -> None:
    locked = make_ticket(queue, owner=owner, locked=True, customer=customer)
    owned = make_ticket(queue, owner=owner, customer=make_customer())
    of_another = make_ticket(queue, owner=make_agent(), locked=True)
    closed = make_ticket(queue, owner=owner, customer=customer, state=state_by_key("closed_successful"))
    assert tickets_of(OPEN, owner, queue) == [locked, owned, of_another]
    assert tickets_of(AVAILABLE, owner, queue) == [owned]
    assert tickets_of(locked_by(owner), owner, queue) == [locked]
    assert tickets_of(owned_by(owner), owner, queue) == [locked, owned]
    assert tickets_of(OPEN & of_customer(customer.pk), owner, queue) == [locked]
    for sort in CLOSED.orders:
        assert tickets_of(CLOSED & of_customer(customer.pk), owner, queue, sort=sort) == [closed]


def test_an_alternative_stays_one_condition_beside_others(owner: Agent, queue: Queue) -> None:
    make_ticket(queue, state=state_by_key("closed_successful"))
    ticket = make_ticket(queue)
    either = Which("t.title = %(title)s OR t.title <> %(title)s", {"title": "x"})
    assert tickets_of(OPEN & either, owner, queue) == [ticket]
    assert tickets_of(Which(either.where, either.values, OPEN.orders), owner, Queue(pk=0)) == []


def test_an_index_serves_an_order_only_where_it_serves_both_conditions() -> None:
    assert AVAILABLE.by_index == OPEN.by_index == {"age"}
    assert (OPEN & of_customer(1)).by_index == set()
    assert (CLOSED & of_customer(1)).by_index == {"closed"}


def test_two_conditions_cannot_give_one_value_two_meanings() -> None:
    with pytest.raises(ValueError, match="customer"):
        of_customer(1) & of_customer(2)
