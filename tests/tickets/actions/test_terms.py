"""What beat does for the terms of many tickets: facts of old ones, and a queue's new promises."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.calendars import new_terms
from queues.models import Calendar, Queue
from tests.factories import NOW, actor, customer_mail, make_queue, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.follow_up import add_follow_up
from tickets.actions.priority import change_priority
from tickets.actions.terms import apply_terms, fill_facts
from tickets.actor import Actor
from tickets.changing import batches
from tickets.facts import FACTS, TERMS
from tickets.models import Event, Priority, Ticket
from tickets.states import state_by_key
from tickets.tasks import keep_terms

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def promise(queue: Queue, **minutes: int) -> None:
    """As the admin saves it."""
    queues = Queue.objects.filter(pk=queue.pk)
    queues.update(**minutes)
    new_terms(queues)


def forget(*tickets: Ticket) -> None:
    """As they were before there were facts."""
    ids = [ticket.pk for ticket in tickets]
    Ticket.objects.filter(pk__in=ids).update(**dict.fromkeys((*FACTS, *TERMS)))


def due(ticket: Ticket) -> object:
    return Ticket.objects.values_list("escalates_at", flat=True).get(pk=ticket.pk)


def test_a_new_promise_is_applied_to_open_tickets_of_that_queue_only(
    queue: Queue, other_queue: Queue
) -> None:
    tickets = [make_ticket(queue) for _n in range(3)]
    closed = make_ticket(queue, state=state_by_key("closed_successful"))
    elsewhere = make_ticket(other_queue)
    promise(queue, first_response_minutes=60)

    assert apply_terms() == 3
    assert [due(ticket) for ticket in tickets] == [NOW + HOUR] * 3
    assert (due(closed), due(elsewhere)) == (None, None)


def test_a_promise_that_is_taken_back_ends_the_terms(queue: Queue) -> None:
    promise(queue, first_response_minutes=60)
    ticket = make_ticket(Queue.objects.get(pk=queue.pk))
    assert due(ticket) == NOW + HOUR

    promise(queue, first_response_minutes=0)
    assert apply_terms() == 1
    assert due(ticket) is None


def test_changing_priority_or_terms_keeps_the_time_waited_so_far(queue: Queue, owner: Agent) -> None:
    promise(queue, first_response_minutes=60)
    ticket = make_ticket(Queue.objects.get(pk=queue.pk))
    later = words() | {"now": NOW + HOUR / 2}
    change_priority(actor=actor(owner), ticket=ticket, priority=Priority.VERY_HIGH, **later)
    assert due(ticket) == NOW + HOUR

    promise(queue, first_response_minutes=90)
    apply_terms()
    assert due(ticket) == NOW + 1.5 * HOUR


def test_open_tickets_of_before_this_programs_rules_are_computed_anew(queue: Queue) -> None:
    ticket, other = make_ticket(queue), make_ticket(queue)
    state = state_by_key("pending_reminder")
    waits = {"state": state, "state_type": state.type, "pending_until": NOW + HOUR}
    Ticket.objects.filter(pk=ticket.pk).update(**waits, alarm_at=None, terms_version=queue.terms_version)
    assert apply_terms() == 1
    moments = dict(Ticket.objects.values_list("pk", "alarm_at"))
    assert moments == {ticket.pk: NOW + HOUR, other.pk: None}


def test_calendars_are_read_before_any_ticket_is_locked_for_it(queue: Queue) -> None:
    make_ticket(queue)
    Queue.objects.filter(pk=queue.pk).update(calendar=Calendar.objects.create(name="Kantoor"))
    promise(queue, first_response_minutes=60)
    with CaptureQueriesContext(connection) as asked:
        assert apply_terms() == 1
    statements = [query["sql"] for query in asked]
    first = {part: next(n for n, sql in enumerate(statements) if part in sql) for part in ("hours", "UPDATE")}
    assert first["hours"] < first["UPDATE"]
    assert not [sql for sql in statements[first["UPDATE"] :] if "hours" in sql]


def test_what_was_applied_is_not_applied_again(queue: Queue) -> None:
    make_ticket(queue)
    promise(queue, first_response_minutes=60)

    assert (apply_terms(), apply_terms()) == (1, 0)


def test_a_ticket_that_opens_again_gets_the_promise_of_now(queue: Queue) -> None:
    closed = make_ticket(queue, state=state_by_key("closed_successful"))
    promise(queue, first_response_minutes=60)
    add_follow_up(actor=Actor.mail(), ticket=closed, article=customer_mail(), now=NOW)

    assert due(closed) == NOW + HOUR
    assert apply_terms() == 0


def test_nobody_is_told_and_the_ticket_counts_as_unchanged(queue: Queue) -> None:
    old, open_ = make_ticket(queue), make_ticket(queue)
    forget(old)
    promise(queue, first_response_minutes=60)
    events = Event.objects.count()
    changed = list(Ticket.objects.order_by("pk").values_list("changed", flat=True))

    keep_terms()
    assert (due(old), due(open_)) == (NOW + HOUR, NOW + HOUR)
    assert Event.objects.count() == events
    assert list(Ticket.objects.order_by("pk").values_list("changed", flat=True)) == changed


def test_open_tickets_get_their_facts_before_closed_ones_and_new_ones_before_old(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run ends after so many; the next one goes on."""
    closed = state_by_key("closed_successful")
    early, late = (make_ticket(queue, state=closed, now=NOW + n * HOUR) for n in range(2))
    first, second = make_ticket(queue), make_ticket(queue)
    forget(early, late, first, second)
    monkeypatch.setattr(batches, "TICKETS_MOST", 1)

    order = []
    while fill_facts():
        filled = Ticket.objects.filter(internal_until__isnull=False).values_list("pk", flat=True)
        order += [pk for pk in filled if pk not in order]
    assert order == [second.pk, first.pk, late.pk, early.pk]


def test_many_go_by_batches(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [make_ticket(queue) for _n in range(5)]
    forget(*tickets)
    promise(queue, first_response_minutes=60)
    monkeypatch.setattr(batches, "BATCH", 2)

    assert fill_facts() == 5
    promise(queue, first_response_minutes=120)
    assert apply_terms() == 5
    assert {due(ticket) for ticket in tickets} == {NOW + 2 * HOUR}


def test_a_ticket_without_article_or_event_is_believed_by_its_row(queue: Queue, owner: Agent) -> None:
    closed = state_by_key("closed_successful")
    bare = Ticket.objects.create(
        number="1", queue=queue, state=closed, state_type=closed.type, created=NOW, closed_at=NOW + HOUR
    )

    assert fill_facts() == 1
    bare.refresh_from_db()
    assert (bare.internal_until, bare.first_closed_at) == (NOW, NOW + HOUR)
    assert fill_facts() == 0


def test_with_nothing_to_do_two_statements_are_asked(queue: Queue) -> None:
    make_ticket(queue)
    make_ticket(make_queue(terms_version=3))
    with CaptureQueriesContext(connection) as asked:
        keep_terms()

    assert len(asked) == 2


def test_facts_still_to_be_read_are_found_by_an_index(queue: Queue) -> None:
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        fill_facts()
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "ticket_without_facts" in plan
    assert "Sort" not in plan
