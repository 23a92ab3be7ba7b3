"""What the tests of more than one action are about."""

from datetime import timedelta

import pytest

from accounts.models import Customer
from queues.models import Queue
from tests.factories import (
    NOW,
    make_ticket,
)
from tickets.models import Ticket


@pytest.fixture
def main(queue: Queue, customer: Customer) -> Ticket:
    """An older ticket of the same customer."""
    return make_ticket(queue, customer=customer, now=NOW - timedelta(days=1))
