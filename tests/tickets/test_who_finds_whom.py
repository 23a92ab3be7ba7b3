"""Who finds which customer: right after each change, by the beginning of each word, and nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent, Customer, CustomerAddress
from queues.access import rights_of
from queues.models import Queue
from tests.factories import actor, make_customer, make_ticket
from tickets.actor import Actor
from tickets.models import Article, CustomerQueue, CustomerQueueDelta, Event, EventTask, Ticket
from tickets.queries.customers import FOUND_MOST, find_customers
from tickets.tally import fold, wrong_findings

pytestmark = pytest.mark.django_db


def found(agent: Agent, typed: str) -> list[Customer]:
    return find_customers(actor=actor(agent), typed=typed)


def named(first: str, last: str, address: str) -> Customer:
    customer = make_customer(address)
    Customer.objects.filter(pk=customer.pk).update(first_name=first, last_name=last, code=f"code-{last}")
    return customer


@pytest.mark.parametrize(
    "typed", ["kar", "KLANT", "karin@post.ex", "kl ka", "kárin klant", "karin@post.example", "code-kl"]
)
def test_a_customer_with_a_visible_ticket_is_found_by_how_each_word_begins(
    owner: Agent, reader: Agent, queue: Queue, typed: str
) -> None:
    customer = named("Karin", "Klant", "karin@post.example")
    make_ticket(queue, customer=customer)
    assert found(owner, typed) == found(reader, typed) == [customer]


@pytest.mark.parametrize("typed", ["", "  ", "\0", "rin", "karin bos", "%", "_arin", "karin@post.examplex"])
def test_what_is_no_beginning_finds_nobody(owner: Agent, queue: Queue, typed: str) -> None:
    make_ticket(queue, customer=named("Karin", "Klant", "karin@post.example"))
    assert found(owner, typed) == []


def test_a_stranger_finds_only_whom_they_name_in_full(stranger: Agent, queue: Queue) -> None:
    customer = named("Karin", "Klant", "karin@post.example")
    make_ticket(queue, customer=customer)
    for typed in ("karin", "klant", "karin@post.exampl", "code-klan", "karin klant"):
        assert found(stranger, typed) == []
    for typed in (" Karin@post.example ", "code-Klant"):
        assert found(stranger, typed) == [customer]
    assert find_customers(actor=Actor.of(stranger, rights_of(stranger)), typed="k") == []


def test_only_a_superuser_finds_who_never_asked(superuser: Agent, owner: Agent) -> None:
    customer = named("Karin", "Klant", "karin@post.example")
    assert (found(superuser, "kla kar"), found(owner, "kla kar")) == ([customer], [])


def test_who_is_found_changes_with_ticket_name_address_and_queue_at_once_folded_or_not(
    owner: Agent, stranger: Agent, queue: Queue, other_queue: Queue
) -> None:
    customer, other = named("Karin", "Klant", "karin@post.example"), named("Piet", "Bos", "piet@post.example")
    ticket = make_ticket(queue, customer=customer)
    second = make_ticket(queue, customer=customer)

    def check(agent: Agent, typed: str, *customers: Customer) -> None:
        for _folded_or_not in range(2):
            assert found(agent, typed) == list(customers)
            assert wrong_findings() == 0
            fold()
        assert not CustomerQueueDelta.objects.exists()

    check(owner, "karin", customer)
    Customer.objects.filter(pk=customer.pk).update(first_name="Sanne")
    check(owner, "karin k", customer)  # by her address
    CustomerAddress.objects.filter(customer=customer).update(address="sanne@post.example")
    check(owner, "karin")
    check(owner, "sanne", customer)
    CustomerAddress.objects.create(customer=customer, address="werk@post.example")
    check(owner, "werk", customer)
    Ticket.objects.filter(pk=ticket.pk).update(queue=other_queue)
    check(stranger, "sanne", customer)
    check(owner, "sanne", customer)
    Ticket.objects.filter(pk=second.pk).update(customer=other)
    check(owner, "sanne")
    check(owner, "piet", other)
    CustomerAddress.objects.filter(address="werk@post.example").delete()
    check(stranger, "werk")
    for rows in (EventTask, Event, Article, Ticket):
        rows.objects.all().delete()
    check(stranger, "sanne")
    assert not CustomerQueue.objects.exists()


def test_at_most_ten_come_in_order_and_each_once(owner: Agent, queue: Queue) -> None:
    customers = [named("Karin", f"Karin{n:02}", f"karin{n}@post.example") for n in range(FOUND_MOST + 2)]
    for customer in customers:
        make_ticket(queue, customer=customer)
    with CaptureQueriesContext(connection) as queries:
        assert found(owner, "karin") == customers[:FOUND_MOST]
    assert len(queries) <= 5  # the rights of the agent are one
    assert found(owner, "karin karin03") == [customers[3]]
