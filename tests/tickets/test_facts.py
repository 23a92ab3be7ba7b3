"""What each action tells a ticket's terms, and that a sweeper reads the same from the ticket's story."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from mailgate.tasks import autoresponse
from queues.calendars import new_terms
from queues.models import Calendar, Queue
from tests.factories import NOW, actor, answer, customer_mail, make_auto_response, make_queue, make_ticket
from tickets.actions.bulk import Change, change_ticket
from tickets.actions.close import close_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.phone import Call, note_call_of_customer, note_call_to_customer
from tickets.actions.reply import reply_to_ticket
from tickets.actions.terms import fill_facts
from tickets.actions.wait import let_ticket_wait
from tickets.actor import Actor
from tickets.changing.written import Written
from tickets.facts import FACTS, TERMS, version_of
from tickets.models import Article, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FIRST, LAST, WAITS, INTERNAL, CLOSED, REOPENED = FACTS
FIRST_RESPONSE, UPDATE, SOLUTION, ESCALATES, WARNS = TERMS


@pytest.fixture
def queue(queue: Queue) -> Queue:
    """Promises a first answer in an hour, a further one in two, and a solution in a day."""
    queue.first_response_minutes, queue.update_minutes, queue.solution_minutes = 60, 120, 24 * 60
    queue.save()
    return queue


def words(now: datetime) -> dict[str, Any]:
    note = Written(submission=uuid.uuid4(), subject="Waarom", html="<p>Daarom</p>")
    return {"note": note, "now": now}


def row(ticket: Ticket) -> dict[str, Any]:
    return dict(Ticket.objects.values(*FACTS, *TERMS, "terms_version").get(pk=ticket.pk))


def told(ticket: Ticket, **expected: object) -> bool:
    """The row has these facts and terms, no others, and a sweeper that reads the story finds the same."""
    acted = row(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(**dict.fromkeys((*FACTS, *TERMS)))
    assert fill_facts() == 1
    assert row(ticket) == acted
    values = {name: value for name, value in acted.items() if value is not None}
    assert values == expected | {"terms_version": version_of(ticket.queue)}
    return True


def write(ticket: Ticket, now: datetime, **changes: Any) -> Article:
    """A further mail."""
    reopen = changes.pop("reopen", True)
    mail = customer_mail(**changes)
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, reopen=reopen, now=now).written


def reply(ticket: Ticket, agent: Agent, now: datetime, *, state: str = "open", **changes: Any) -> None:
    ticket.refresh_from_db()
    filled = answer(ticket, state=state_by_key(state), **changes)
    reply_to_ticket(actor=actor(agent), ticket=ticket, answer=filled, now=now)


def close(ticket: Ticket, agent: Agent, now: datetime) -> None:
    closed = state_by_key("closed_successful")
    close_ticket(actor=actor(agent), ticket=ticket, state=closed, **words(now))


def test_a_customers_mail_starts_every_term(ticket: Ticket) -> None:
    assert told(
        ticket,
        waits_since=NOW,
        internal_until=NOW,
        first_response_due=NOW + HOUR,
        update_due=NOW + 2 * HOUR,
        solution_due=NOW + DAY,
        escalates_at=NOW + HOUR,
        warns_at=NOW + 0.8 * HOUR,
    )


def test_an_answer_ends_the_first_response_and_nobody_waits_any_more(ticket: Ticket, owner: Agent) -> None:
    reply(ticket, owner, NOW + HOUR / 2)

    assert told(
        ticket,
        first_answer_at=NOW + HOUR / 2,
        last_answer_at=NOW + HOUR / 2,
        internal_until=NOW,
        solution_due=NOW + DAY,
        escalates_at=NOW + DAY,
        warns_at=NOW + 0.8 * DAY,
    )


def test_the_oldest_mail_after_the_last_answer_is_what_the_customer_waits_since(
    ticket: Ticket, owner: Agent
) -> None:
    for minutes, deed in [
        (10, "reply"),
        (20, "write"),
        (30, "write"),
        (40, "reply"),
        (50, "write"),
        (60, "write"),
    ]:
        now = NOW + timedelta(minutes=minutes)
        if deed == "reply":
            reply(ticket, owner, now)
        else:
            write(ticket, now)

    values = row(ticket)
    assert (values[FIRST], values[LAST], values[WAITS]) == tuple(
        NOW + timedelta(minutes=minutes) for minutes in (10, 40, 50)
    )
    assert values[UPDATE] == NOW + timedelta(minutes=50) + 2 * HOUR


def test_a_call_of_ours_is_an_answer_and_a_call_of_the_customer_a_question(
    ticket: Ticket, owner: Agent
) -> None:
    at, again = NOW + HOUR / 2, NOW + 5 * DAY
    for note_call, state, now in (
        (note_call_to_customer, "closed_successful", at),
        (note_call_of_customer, "open", again),
    ):
        call = Call(submission=uuid.uuid4(), subject="Gebeld", html="<p>Zo.</p>", state=state_by_key(state))
        note_call(actor=actor(owner), ticket=ticket, call=call, now=now)

    assert told(
        ticket,
        first_answer_at=at,
        last_answer_at=at,
        internal_until=NOW,
        first_closed_at=at,
        reopened_at=again,
        waits_since=again,
        update_due=again + 2 * HOUR,
        solution_due=again + DAY,
        escalates_at=again + 2 * HOUR,
        warns_at=again + 1.6 * HOUR,
    )


def test_a_note_changes_none_of_it(ticket: Ticket, owner: Agent) -> None:
    before = row(ticket)

    add_note(actor=actor(owner), ticket=ticket, **words(NOW + HOUR))
    assert row(ticket) == before


def test_an_automatic_answer_changes_none_of_it_and_is_no_first_response(queue: Queue) -> None:
    make_auto_response(queue)
    ticket = make_ticket(queue)
    before = row(ticket)

    assert autoresponse() == 1
    assert Article.objects.filter(sender_type=Article.SenderType.SYSTEM, is_visible=True).exists()
    assert row(ticket) == before


def test_a_mail_that_the_customer_does_not_see_is_nobodys_waiting(ticket: Ticket, owner: Agent) -> None:
    reply(ticket, owner, NOW + HOUR)
    write(ticket, NOW + 2 * HOUR, is_visible=False)

    assert row(ticket)[WAITS] is None


def test_a_machine_that_answers_us_does_not_wait(ticket: Ticket, owner: Agent) -> None:
    reply(ticket, owner, NOW + HOUR)
    write(ticket, NOW + HOUR, is_automatic=True, reopen=False)
    before = row(ticket)

    assert before[WAITS] is None
    assert told(ticket, **{name: value for name, value in before.items() if value is not None})


def test_closing_ends_all_terms(ticket: Ticket, owner: Agent) -> None:
    close(ticket, owner, NOW + HOUR)

    assert told(ticket, waits_since=NOW, internal_until=NOW, first_closed_at=NOW + HOUR)


def test_closing_by_an_answer_does_so_too(ticket: Ticket, owner: Agent) -> None:
    at = NOW + HOUR
    reply(ticket, owner, at, state="closed_successful")

    assert told(ticket, first_answer_at=at, last_answer_at=at, internal_until=NOW, first_closed_at=at)


def test_a_mail_that_opens_a_closed_ticket_starts_solution_and_update_anew(
    ticket: Ticket, owner: Agent
) -> None:
    reply(ticket, owner, NOW + HOUR, state="closed_successful")
    again = NOW + 5 * DAY
    write(ticket, again)

    assert told(
        ticket,
        first_answer_at=NOW + HOUR,
        last_answer_at=NOW + HOUR,
        internal_until=NOW,
        first_closed_at=NOW + HOUR,
        reopened_at=again,
        waits_since=again,
        update_due=again + 2 * HOUR,
        solution_due=again + DAY,
        escalates_at=again + 2 * HOUR,
        warns_at=again + 1.6 * HOUR,
    )


def test_the_first_closing_and_the_last_opening_are_kept(ticket: Ticket, owner: Agent) -> None:
    for days in range(3):
        close(ticket, owner, NOW + DAY * (days + 1))
        write(ticket, NOW + DAY * (days + 1) + HOUR)

    values = row(ticket)
    assert (values[CLOSED], values[REOPENED]) == (NOW + DAY, NOW + 3 * DAY + HOUR)
    assert values[WAITS] == NOW


def test_as_otrs_a_queue_may_let_the_update_run_and_the_solution_end_for_ever(
    ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    Queue.objects.update(update_only_while_waiting=False, solution_restarts_on_reopen=False)
    reply(ticket, owner, NOW + HOUR)
    assert row(ticket)[UPDATE] == NOW + 3 * HOUR

    close(ticket, owner, NOW + 2 * HOUR)
    write(ticket, NOW + 3 * HOUR)
    assert (row(ticket)[SOLUTION], row(ticket)[UPDATE]) == (None, NOW + 5 * HOUR)


def test_waiting_for_a_date_stops_the_update_term_alone(ticket: Ticket, owner: Agent) -> None:
    waiting: dict[str, Any] = {"state": state_by_key("pending_reminder"), "pending_until": NOW + 3 * DAY}
    let_ticket_wait(actor=actor(owner), ticket=ticket, **words(NOW + HOUR / 2), **waiting)

    values = row(ticket)
    assert (values[FIRST_RESPONSE], values[UPDATE]) == (NOW + HOUR, None)
    opened = Change(state=state_by_key("open"))
    change_ticket(actor=actor(owner), ticket=ticket, change=opened, **words(NOW + HOUR))
    assert row(ticket)[UPDATE] == NOW + 2 * HOUR


def test_another_queue_has_other_terms_from_the_same_facts(ticket: Ticket, owner: Agent) -> None:
    target = make_queue("Elders", first_response_minutes=30, terms_version=4)
    facts = {name: row(ticket)[name] for name in FACTS}

    move_ticket(actor=Actor.timer(), ticket=ticket, queue=target, **words(NOW + HOUR))
    ticket.refresh_from_db()
    due, warns = NOW + HOUR / 2, NOW + 0.8 * HOUR / 2
    set_facts = {name: value for name, value in facts.items() if value is not None}
    assert told(ticket, **set_facts, first_response_due=due, escalates_at=due, warns_at=warns)


def test_a_queue_that_promises_nothing_ends_the_terms(ticket: Ticket) -> None:
    move_ticket(actor=Actor.timer(), ticket=ticket, queue=make_queue("Elders"), **words(NOW + HOUR))

    assert {row(ticket)[name] for name in TERMS} == {None}


def test_a_ticket_that_an_agent_begins_has_had_its_answer(queue: Queue, owner: Agent) -> None:
    letter = customer_mail(sender_type="agent", direction="out")
    ticket = make_ticket(queue, actor=actor(owner), article=letter, state=state_by_key("open"))

    values = row(ticket)
    assert (values[FIRST], values[WAITS], values[FIRST_RESPONSE], values[UPDATE]) == (NOW, None, None, None)


def test_a_ticket_that_is_made_closed_was_closed_then(queue: Queue) -> None:
    ticket = make_ticket(queue, state=state_by_key("closed_successful"))

    assert told(ticket, waits_since=NOW, internal_until=NOW, first_closed_at=NOW)


def test_locking_touches_no_term(ticket: Ticket, owner: Agent) -> None:
    new_terms(Queue.objects.all())
    with CaptureQueriesContext(connection) as asked:
        lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)

    update = next(query["sql"] for query in asked if query["sql"].startswith("UPDATE"))
    assert not [name for name in (*FACTS, *TERMS, "terms_version") if name in update]


def test_without_a_promise_no_calendar_is_read(owner: Agent) -> None:
    quiet = make_queue(calendar=Calendar.objects.create(name="Kantoor"))
    with CaptureQueriesContext(connection) as asked:
        ticket = make_ticket(quiet)
        write(ticket, NOW + HOUR)

    assert not [query for query in asked if "queues_calendar" in query["sql"]]


def test_terms_cost_no_statement(queue: Queue) -> None:
    """Neither of a new ticket nor of a further mail, once the calendar is known."""
    hours = {str(day): [["08:00", "17:00"]] for day in range(5)}
    queue.calendar = Calendar.objects.create(name="Kantoor", hours=hours)
    queue.save()
    make_ticket(queue)

    def statements(queue: Queue) -> int:
        with CaptureQueriesContext(connection) as asked:
            ticket = make_ticket(queue)
            write(ticket, NOW + HOUR)
        return len(asked)

    assert statements(queue) == statements(make_queue())
    assert Ticket.objects.filter(queue=queue, escalates_at=NOW + HOUR).count() == 2


def test_what_happens_before_the_story_is_read_is_a_part_of_it(ticket: Ticket, owner: Agent) -> None:
    Ticket.objects.update(**dict.fromkeys((*FACTS, *TERMS)))
    reply(ticket, owner, NOW + HOUR, state="closed_successful")
    write(ticket, NOW + 2 * HOUR)
    assert {row(ticket)[name] for name in (*FACTS, *TERMS)} == {None}

    assert fill_facts() == 1
    values = row(ticket)
    assert (values[FIRST], values[CLOSED]) == (NOW + HOUR, NOW + HOUR)
    assert (values[WAITS], values[REOPENED]) == (NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert values[UPDATE] == NOW + 4 * HOUR
