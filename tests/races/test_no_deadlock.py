"""Each action against one of each footprint, and against itself, on the same two tickets.

PostgreSQL finds no deadlock, and nobody hears that a ticket is busy.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Agent
from mailgate.models import InboundMessage
from queues.models import Queue
from tests.factories import make_ticket
from tests.races import deeds
from tests.races.footprints import RACES, STANDS_FOR, free
from tests.races.meeting import PATIENCE_SECONDS, at_once, at_the_lock, those_who_meet
from tests.races.sweeps import Two
from tickets.changing.locking import lock_tickets
from tickets.errors import TicketBusy
from tickets.models import Ticket
from tickets.tally import wrong_tallies

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def same(tickets: Two) -> Two:
    return tickets


def crossed(tickets: Two) -> Two:
    return tickets[::-1]


ORDERS = (crossed, same)
"""Each pair meets in both: some take the second ticket first of their own accord."""


def deadlocks() -> int:
    """How many PostgreSQL has found in this database, as a fresh connection reads it."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])


def counted(deed: Callable[[], object]) -> object:
    """Do it, and have this connection's figures counted at once."""
    try:
        return deed()
    finally:
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")


@pytest.mark.long
def test_no_action_ever_waits_in_a_circle_with_another(
    pair: Two, queue: Queue, owner: Agent, colleague: Agent
) -> None:
    before = deadlocks()
    meetings = sorted({(name, other) for name in RACES for other in (*STANDS_FOR.values(), name)})
    errors: list[object] = []
    with those_who_meet(2) as people:
        for (first, second), order in product(meetings, ORDERS):
            tickets = free(pair, queue=queue)
            errors += at_the_lock(
                partial(counted, partial(RACES[first].side, owner, tickets)),
                partial(counted, partial(RACES[second].side, colleague, order(tickets))),
                by=people,
            )
    assert [error for error in errors if error is not None] == []
    assert deadlocks() == before
    assert wrong_tallies() == 0
    assert not InboundMessage.objects.exclude(last_error="").exists()


def test_a_deadlock_would_be_counted(queue: Queue) -> None:
    """The control: two who lock in crossed order, which `lock_tickets` never does."""
    pair = (make_ticket(queue), make_ticket(queue))
    both_hold_one = threading.Barrier(2)

    def crossed(first: Ticket, second: Ticket) -> object:
        try:
            with transaction.atomic():
                lock_tickets(first.pk)
                both_hold_one.wait(PATIENCE_SECONDS)
                return lock_tickets(second.pk)
        except OperationalError as error:
            return error

    before = deadlocks()
    answers = at_once(
        partial(counted, partial(crossed, *pair)), partial(counted, partial(crossed, *pair[::-1]))
    )
    assert sum(isinstance(answer, OperationalError) for answer in answers) == 1
    assert deadlocks() == before + 1


def test_a_ticket_is_busy_only_when_it_really_is_held(ticket: Ticket, owner: Agent) -> None:
    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("3s",)
            cursor.execute("SET lock_timeout = '200ms'")
        return deeds.note(owner, ticket)

    with transaction.atomic():
        lock_tickets(ticket.pk)
        (answer,) = at_once(impatient)
    assert isinstance(answer, TicketBusy)
    assert deeds.note(owner, ticket)
