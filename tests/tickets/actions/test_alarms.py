"""What beat tells of a ticket when its moment comes: each thing once, and nothing that came to nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.calendars import new_terms
from queues.models import Queue
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.alarms import tell_alarms
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.terms import apply_terms
from tickets.actions.wait import let_ticket_wait
from tickets.actor import Actor
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def queue(queue: Queue) -> Queue:
    """Promises a first answer in an hour and a solution in ten, and warns after 80 percent."""
    queue.first_response_minutes, queue.solution_minutes = 60, 600
    queue.save()
    return queue


def told(ticket: Ticket) -> list[tuple[str, str, datetime]]:
    """Kind, term and moment of each event that beat told of the ticket."""
    events = ticket.events.filter(actor_kind="timer").order_by("pk")
    return [(event.kind, event.changes.get("term", [0, {"id": ""}])[1]["id"], event.at) for event in events]


def test_each_term_is_warned_of_and_ended_once_however_often_beat_looks(queue: Queue) -> None:
    ticket = make_ticket(queue)
    changed = ticket.changed
    for minute in (47, 48, 49, 59, 60, 61, 479, 480, 600, 601, 4000):
        tell_alarms(now=NOW + minute * MINUTE)
        tell_alarms(now=NOW + minute * MINUTE)
    assert told(ticket) == [
        (EventKind.TERM_WARNED, "first_response", NOW + 48 * MINUTE),
        (EventKind.TERM_ENDED, "first_response", NOW + HOUR),
        (EventKind.TERM_WARNED, "solution", NOW + 8 * HOUR),
        (EventKind.TERM_ENDED, "solution", NOW + 10 * HOUR),
    ]
    ticket.refresh_from_db()
    assert (ticket.changed, ticket.alarm_at) == (changed, None)
    lines = history_of(ticket.events.order_by("pk"))
    assert [line.changes for line in lines[-2:]] == [["Oplossing: 24-11-2026 21:00"]] * 2
    assert {line.who for line in lines[1:]} == {"KVV"}


def test_late_it_tells_of_the_end_alone_and_a_mail_in_between_makes_it_tell_nothing_twice(
    queue: Queue,
) -> None:
    ticket = make_ticket(queue)
    assert tell_alarms(now=NOW + 2 * HOUR) == 1
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW + 3 * HOUR)
    tell_alarms(now=NOW + 3 * HOUR)
    assert told(ticket) == [(EventKind.TERM_ENDED, "first_response", NOW + 2 * HOUR)]


def test_what_was_closed_in_time_is_not_told_of(queue: Queue, owner: Agent) -> None:
    ticket = make_ticket(queue)
    closed = state_by_key("closed_successful")
    close_ticket(actor=actor(owner), ticket=ticket, state=closed, **words())
    assert (tell_alarms(now=NOW + 90 * HOUR), told(ticket)) == (0, [])


def test_another_promise_makes_another_end_and_the_time_that_was_waited_counts(queue: Queue) -> None:
    ticket = make_ticket(queue)
    tell_alarms(now=NOW + HOUR)
    queue.first_response_minutes = 30
    queue.save()
    new_terms(Queue.objects.all())
    apply_terms()
    tell_alarms(now=NOW + HOUR + MINUTE)
    assert [event[:2] for event in told(ticket)] == [(EventKind.TERM_ENDED, "first_response")] * 2


def test_a_date_that_was_waited_for_is_told_once_and_each_new_date_again(queue: Queue, owner: Agent) -> None:
    ticket = make_ticket(queue)
    for hours, until in ((0, NOW + 20 * MINUTE), (1, NOW + 5 * HOUR)):
        waits: dict[str, Any] = {"state": state_by_key("pending_reminder"), "pending_until": until}
        said = words() | {"now": NOW + hours * HOUR}
        let_ticket_wait(actor=actor(owner), ticket=ticket, **waits, **said)
        assert tell_alarms(now=NOW + hours * HOUR + MINUTE) == hours
        tell_alarms(now=until)
        tell_alarms(now=until + MINUTE)
    dates = [event for event in told(ticket) if event[0] == EventKind.REMINDED]
    assert [at for _kind, _term, at in dates] == [NOW + 20 * MINUTE, NOW + 5 * HOUR]


def test_nothing_to_tell_costs_one_statement(queue: Queue) -> None:
    make_ticket(queue)
    with CaptureQueriesContext(connection) as asked:
        assert tell_alarms(now=NOW) == 0
    assert len(asked) == 1
