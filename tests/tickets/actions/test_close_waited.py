"""Tickets that close by themselves: when their time has come, as their state says, and never past anybody."""

from datetime import timedelta

import pytest

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, customer_mail, make_ticket
from tickets.actions.close_waited import close_waited
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.changing.batches import BATCH
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import State, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

DUE = NOW + timedelta(days=3)


def waiting(queue: Queue, *, key: str = "pending_auto_close_success", **changes: object) -> Ticket:
    """A ticket that waits until it is due."""
    ticket = make_ticket(queue)
    state = state_by_key(key)
    values = {"state": state, "state_type": state.type, "pending_until": DUE, **changes}
    Ticket.objects.filter(pk=ticket.pk).update(**values)
    return ticket


@pytest.mark.parametrize(
    ("key", "becomes"),
    [
        ("pending_auto_close_success", "closed_successful"),
        ("pending_auto_close_failure", "closed_unsuccessful"),
    ],
)
def test_it_closes_as_its_state_says_unlocked_and_its_owner_stays(
    queue: Queue, owner: Agent, key: str, becomes: str
) -> None:
    ticket = waiting(queue, key=key, owner=owner, locked=True)
    assert close_waited(now=DUE - timedelta(seconds=1)) == 0
    assert close_waited(now=DUE) == 1
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.closed_at, ticket.pending_until) == (becomes, DUE, None)
    assert (ticket.locked, ticket.owner) == (False, owner)
    newest = history_of(ticket.events.order_by("pk"))[-1]
    assert (newest.at, newest.what.lower()) == (DUE, str(EventKind.CLOSED.label))
    assert close_waited(now=DUE) == 0


def test_a_reminder_closes_nothing_and_neither_does_a_state_that_closes_into_none(queue: Queue) -> None:
    waiting(queue, key="pending_reminder")
    State.objects.filter(key="pending_auto_close_success").update(closes_into=None)
    waiting(queue)
    assert close_waited(now=DUE) == 0


def test_what_the_customer_wrote_in_meanwhile_is_open_and_stays_so(queue: Queue) -> None:
    ticket = waiting(queue)
    mail = customer_mail(message_id="toch@post.example")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW + timedelta(days=1))
    assert close_waited(now=DUE) == 0
    ticket.refresh_from_db()
    assert ticket.is_open


def test_more_than_a_batch_are_closed_in_one_run(queue: Queue) -> None:
    for _n in range(BATCH + 1):
        waiting(queue)
    assert close_waited(now=DUE) == BATCH + 1
