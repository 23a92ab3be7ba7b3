"""What beat does to many tickets while agents work: nobody waits, and nothing is done twice or lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from queues.calendars import new_terms
from queues.models import Queue
from tests.factories import NOW, make_ticket
from tests.races.meeting import PATIENCE_SECONDS, at_once
from tickets.actions.alarms import tell_alarms
from tickets.actions.close_waited import close_waited
from tickets.actions.free_locks import free_locks
from tickets.actions.terms import apply_terms, fill_facts
from tickets.changing.locking import lock_tickets
from tickets.facts import FACTS
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]


@contextmanager
def held(ticket: Ticket) -> Iterator[None]:
    """Somebody works on the ticket meanwhile, and holds its lock."""
    holds, enough = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock_tickets(ticket.pk)
                holds.set()
                enough.wait(PATIENCE_SECONDS)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(PATIENCE_SECONDS)
    try:
        yield
    finally:
        enough.set()
        holder.join()


def promise_more() -> None:
    Queue.objects.update(first_response_minutes=60)
    new_terms(Queue.objects.all())


def forget() -> None:
    Ticket.objects.update(**dict.fromkeys(FACTS))


def let_wait() -> None:
    state = state_by_key("pending_auto_close_success")
    Ticket.objects.update(state=state, state_type=state.type, pending_until=NOW)


def let_remind() -> None:
    state = state_by_key("pending_reminder")
    Ticket.objects.update(state=state, state_type=state.type, pending_until=NOW, alarm_at=NOW)


def leave_locked() -> None:
    Queue.objects.update(unlock_minutes=60)
    Ticket.objects.update(locked=True, locked_at=NOW)


SWEEPS = [
    (promise_more, apply_terms),
    (forget, fill_facts),
    (let_wait, partial(close_waited, now=NOW)),
    (let_remind, partial(tell_alarms, now=NOW)),
    (leave_locked, partial(free_locks, now=NOW + timedelta(hours=1))),
]


@pytest.mark.parametrize(("before", "sweep"), SWEEPS)
def test_a_ticket_that_somebody_holds_has_its_turn_the_next_time(
    queue: Queue, before: Callable[[], None], sweep: Callable[[], int]
) -> None:
    tickets = [make_ticket(queue) for _n in range(3)]
    before()

    with held(tickets[1]):
        assert sweep() == 2
    assert (sweep(), sweep()) == (1, 0)


@pytest.mark.parametrize(("before", "sweep"), SWEEPS)
def test_two_hosts_at_once_do_each_ticket_once(
    queue: Queue, before: Callable[[], None], sweep: Callable[[], int]
) -> None:
    for _n in range(20):
        make_ticket(queue)
    before()

    first, second = at_once(sweep, sweep)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert first + second == 20
    assert sweep() == 0
