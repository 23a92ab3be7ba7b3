"""What a list shows of a ticket: names, or what stands in for them, and nothing that is a stranger's."""

import pytest

from accounts.models import Agent, Customer
from queues.models import Queue
from tests.factories import actor, make_agent, make_customer, make_ticket
from tickets.actions.seen import mark_seen
from tickets.models import Ticket
from tickets.queries.listed import Listed, listed

pytestmark = pytest.mark.django_db


def row_of(ticket: Ticket, *, agent: Agent) -> Listed:
    (row,) = listed(actor=actor(agent), ids=[ticket.pk])
    return row


def test_an_owner_without_a_name_is_shown_by_username_as_elsewhere(owner: Agent, queue: Queue) -> None:
    nameless = make_agent("naamloos")
    nameless.first_name = nameless.last_name = ""
    nameless.save(update_fields=["first_name", "last_name"])
    assert row_of(make_ticket(queue, owner=nameless), agent=owner).owner == str(nameless) == "naamloos"
    assert row_of(make_ticket(queue, owner=owner), agent=owner).owner == str(owner)


def test_each_field_of_a_row_is_what_its_name_says(owner: Agent, queue: Queue, customer: Customer) -> None:
    row = row_of(ticket := make_ticket(queue, customer=customer, owner=owner, locked=True), agent=owner)
    own = ["pk", "number", "title", "sender_name", "priority", "attachment_count", "created", "closed_at"]
    own += ["pending_until", "locked", "state_type", "customer_id"]
    assert {name: getattr(row, name) for name in own} == {name: getattr(ticket, name) for name in own}
    assert (row.state, row.queue) == (ticket.state.name, queue.name)
    assert (row.customer_code, row.owner_username) == (customer.code, owner.username)


def test_a_ticket_of_nobody_has_no_names(owner: Agent, queue: Queue) -> None:
    row = row_of(make_ticket(queue), agent=owner)
    assert (row.owner, row.customer_id, row.customer_code, row.customer_name) == ("", None, None, "")


@pytest.mark.parametrize("names", [("Demo", "Klant"), ("", "Klant"), ("Demo", ""), ("", "")])
def test_a_customer_is_named_as_elsewhere(owner: Agent, queue: Queue, names: tuple[str, str]) -> None:
    customer: Customer = make_customer("k@post.example")
    customer.first_name, customer.last_name = names
    customer.save(update_fields=["first_name", "last_name"])
    row = row_of(make_ticket(queue, customer=customer), agent=owner)
    assert (row.customer_name, row.customer_code) == (customer.full_name, customer.code)


def test_the_rows_stand_in_the_order_of_their_ids(owner: Agent, queue: Queue) -> None:
    ids = [make_ticket(queue).pk for _n in range(3)]
    asked = [ids[1], ids[2], ids[0]]
    assert [row.pk for row in listed(actor=actor(owner), ids=asked)] == asked


def test_a_stranger_gets_no_row_of_a_ticket_they_name(stranger: Agent, ticket: Ticket) -> None:
    assert listed(actor=actor(stranger), ids=[ticket.pk]) == []


def test_what_a_colleague_has_read_is_unread_to_me(owner: Agent, colleague: Agent, ticket: Ticket) -> None:
    mark_seen(agent=colleague, ticket=ticket, upto=ticket.latest_customer_article or 0)
    assert row_of(ticket, agent=owner).is_unread
    assert not row_of(ticket, agent=colleague).is_unread
