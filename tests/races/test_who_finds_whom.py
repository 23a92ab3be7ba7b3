"""Tickets of a customer and their words change at the same moment: each sees what the other does."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Agent, Customer, CustomerAddress
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from tests.factories import NOW, actor, make_ticket
from tests.races.meeting import at_once
from tickets.actions.new_ticket import PhoneTicket, create_by_phone
from tickets.errors import TicketBusy
from tickets.states import state_by_key
from tickets.tally import fold, wrong_findings

PIPE = InboundMessage.Way.PIPE

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def impatiently(deed: Callable[[], object]) -> object:
    """Do it unless somebody has to be waited for."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            deed()
    except (OperationalError, TicketBusy) as error:
        return error
    return None


def test_who_makes_a_ticket_and_who_changes_the_customer_wait_for_each_other(
    queue: Queue, customer: Customer
) -> None:
    def ticket() -> object:
        return make_ticket(queue, customer=customer)

    def rename() -> object:
        return Customer.objects.filter(pk=customer.pk).update(first_name="Sanne")

    def add() -> object:
        return CustomerAddress.objects.create(customer=customer, address="sanne@post.example")

    for first, second in ((ticket, rename), (rename, ticket), (ticket, add), (add, ticket)):
        CustomerAddress.objects.filter(address="sanne@post.example").delete()
        with transaction.atomic():
            first()
            (waited,) = at_once(partial(impatiently, second))
        assert isinstance(waited, OperationalError | TicketBusy)
        assert at_once(partial(impatiently, second), fold) == [None, True]
        assert wrong_findings() == 0


def test_nobody_waits_for_another_ticket_of_the_same_customer(queue: Queue, customer: Customer) -> None:
    make = partial(make_ticket, queue, customer=customer)
    make()  # who makes the first one of a day says with which number it begins
    with transaction.atomic():
        make()
        assert at_once(*[partial(impatiently, make)] * 2) == [None, None]
    assert wrong_findings() == 0


def test_whoever_waits_too_long_for_a_customer_is_told_so_and_their_mail_has_its_turn_later(
    queue: Queue, customer: Customer, owner: Agent
) -> None:
    rows = take_in_many(
        [
            Arrival(raw=f"From: {sender}\r\nSubject: Vraag\r\n\r\nHallo\r\n".encode(), queue=queue, way=PIPE)
            for sender in ("karin@post.example", "jip@post.example")
        ],
        lease=uuid4(),
    )
    new = PhoneTicket(
        submission=uuid4(),
        subject="Vraag",
        html="<p>Hallo</p>",
        queue=queue,
        customer=customer,
        state=state_by_key("open"),
    )
    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(first_name="Sanne")
        told, failed = at_once(
            partial(impatiently, partial(create_by_phone, actor=actor(owner), new=new, now=NOW)),
            partial(impatiently, partial(deliver, rows)),
        )
    assert (type(told), failed) == (TicketBusy, None)
    states = InboundMessage.objects.order_by("pk").values_list("state", "attempts", "last_error")
    assert list(states) == [(InboundMessage.QUEUED, 0, ""), (InboundMessage.DELIVERED, 1, "")]
