"""Locks that beat frees: by working time since somebody went on with it, and of who is not here any more."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.access import rights_of
from queues.models import Calendar, Queue
from tests.factories import NOW, actor, customer_mail, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.free_locks import free_locks
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.actor import Actor
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Ticket
from tickets.queries.counts import queue_counts
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def queue(queue: Queue) -> Queue:
    """A ticket may be locked for two hours of work, which is from 8:00 to 17:00 on each day but holidays."""
    hours = {str(day): [["08:00", "17:00"]] for day in range(7)}
    queue.calendar = Calendar.objects.create(name="Kantoor", hours=hours, holidays=["2026-11-25"])
    queue.unlock_minutes = 120
    queue.save()
    return queue


def locked(queue: Queue, agent: Agent, *, at: datetime = NOW) -> Ticket:
    """Locked for this agent; `NOW` is 11:00 in Amsterdam."""
    return lock_ticket(actor=actor(agent), ticket=make_ticket(queue, now=at), now=at)


def freed_after(ticket: Ticket, *moments: timedelta) -> list[bool]:
    """Whether it is free after beat looked at each of these times since `NOW`."""
    found = []
    for moment in moments:
        free_locks(now=NOW + moment)
        ticket.refresh_from_db()
        found.append(not ticket.locked)
    return found


def test_it_is_free_after_its_time_of_work_and_its_owner_stays(queue: Queue, owner: Agent) -> None:
    ticket = locked(queue, owner)
    late = locked(queue, owner, at=NOW + 5 * HOUR)  # 16:00, and the next day is a holiday
    assert freed_after(ticket, 2 * HOUR - MINUTE, 2 * HOUR, 2 * HOUR) == [False, True, True]
    assert freed_after(late, 45 * HOUR, 46 * HOUR - MINUTE, 46 * HOUR) == [False, False, True]
    assert (ticket.owner, ticket.locked_at) == (owner, None)
    newest = history_of(ticket.events.order_by("pk"))[-1]
    assert (newest.kind, newest.who, newest.at) == (EventKind.LOCK_TIMED_OUT, "KVV", NOW + 2 * HOUR)
    assert ticket.events.filter(kind=EventKind.LOCK_TIMED_OUT).count() == 1


def test_each_article_of_an_agent_gives_new_time_and_of_customers_the_first_after_one(
    queue: Queue, owner: Agent
) -> None:
    """OTRS 3.23: notes, too; a second mail in a row does not extend it."""
    noted, written, again = (locked(queue, owner) for _n in range(3))
    add_note(actor=actor(owner), ticket=noted, **words() | {"now": NOW + HOUR})
    for ticket, hours in ((written, 1), (noted, 1.5), (noted, 1.75), (again, 1), (again, 1.5)):
        mail, at = customer_mail(), NOW + hours * HOUR
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=at)
    assert freed_after(noted, 3.25 * HOUR, 3.5 * HOUR) == [False, True]
    assert freed_after(written, 3.5 * HOUR) == freed_after(again, 3.5 * HOUR) == [True]
    assert [ticket.events.latest("pk").at for ticket in (written, again)] == [NOW + 3.25 * HOUR] * 2


def test_what_waits_is_closed_or_stands_in_a_queue_without_a_time_stays_locked(
    queue: Queue, other_queue: Queue, owner: Agent
) -> None:
    waiting, elsewhere = locked(queue, owner), make_ticket(other_queue, owner=owner, locked=True)
    state = state_by_key("pending_reminder")
    Ticket.objects.filter(pk=waiting.pk).update(state=state, state_type=state.type, pending_until=NOW)
    assert freed_after(waiting, 200 * HOUR) == freed_after(elsewhere, 200 * HOUR) == [False]


def test_locked_tickets_of_agents_who_can_not_sign_in_are_listed_for_everybody_and_the_history_says_so(
    queue: Queue, other_queue: Queue, owner: Agent, colleague: Agent
) -> None:
    tickets = [locked(queue, owner), make_ticket(other_queue, owner=owner, locked=True)]
    state = state_by_key("pending_reminder")
    Ticket.objects.filter(pk=tickets[1].pk).update(state=state, state_type=state.type, pending_until=NOW)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    assert [freed_after(ticket, MINUTE, MINUTE) for ticket in tickets] == [[True, True]] * 2
    assert queue_counts(rights=rights_of(colleague)).of(queue.pk).available == 1
    newest = history_of(tickets[0].events.order_by("pk"))[-1]
    assert newest.changes == [
        "niet vergrendeld",
        f"{owner} kan niet meer inloggen: het ticket is er weer voor iedereen.",
    ]


def test_a_mail_puts_the_ticket_of_who_is_not_here_any_more_back_into_its_queue_and_says_so(
    queue: Queue, owner: Agent
) -> None:
    """OTRS 2.19: whether it was locked for them, or closed in a queue that locks it for its old owner."""
    held, closed = locked(queue, owner), make_ticket(queue, owner=owner)
    closed_at = {"state": state_by_key("closed_successful"), "state_type": "closed", "closed_at": NOW}
    Ticket.objects.filter(pk=closed.pk).update(**closed_at)
    Queue.objects.update(lock_on_follow_up=True)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    for ticket in (held, closed, held):
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW + HOUR)
        ticket.refresh_from_db()
        assert (ticket.is_open, ticket.locked, ticket.owner) == (True, False, owner)
    for ticket in (held, closed):
        told = [change for line in history_of(ticket.events.all()) for change in line.changes]
        assert sum("kan niet meer inloggen" in change for change in told) == 1


def test_nothing_to_free_costs_two_statements(queue: Queue, owner: Agent) -> None:
    make_ticket(queue)
    with CaptureQueriesContext(connection) as asked:
        assert free_locks(now=NOW) == 0
    assert len(asked) == 2
