"""Tickets of a customer and their words change at the same moment: each sees what the other does."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Customer, CustomerAddress
from queues.models import Queue
from tests.factories import make_ticket
from tests.races.meeting import at_once
from tickets.tally import fold, wrong_findings

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def impatiently(deed: Callable[[], object]) -> object:
    """Do it unless somebody has to be waited for."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            deed()
    except OperationalError as error:
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
        assert isinstance(waited, OperationalError)
        assert at_once(partial(impatiently, second), fold) == [None, True]
        assert wrong_findings() == 0


def test_nobody_waits_for_another_ticket_of_the_same_customer(queue: Queue, customer: Customer) -> None:
    make = partial(make_ticket, queue, customer=customer)
    make()  # who makes the first one of a day says with which number it begins
    with transaction.atomic():
        make()
        assert at_once(*[partial(impatiently, make)] * 2) == [None, None]
    assert wrong_findings() == 0
