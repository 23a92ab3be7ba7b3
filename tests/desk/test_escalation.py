"""Escalatieoverzicht: which term ends when, by windows that don't overlap; and a ticket's box."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.calendars import new_terms
from queues.models import Calendar, Queue
from tests.desk.reading import numbers, text
from tests.factories import NOW, actor, make_ticket
from tickets.actions.terms import apply_terms
from tickets.models import Ticket
from tickets.queries.escalation import escalating, windows
from tickets.queries.pages import Wish, page_of
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NAMES = ("te-laat", "vandaag", "morgen", "week")


@pytest.fixture
def queue(queue: Queue) -> Queue:
    """Promises a first answer in ten hours of work, which is from 8:00 to 17:00 but on Wednesdays."""
    hours = {str(day): [["08:00", "17:00"]] for day in range(7) if day != 2}
    queue.calendar = Calendar.objects.create(name="Kantoor", hours=hours)
    queue.first_response_minutes = 600
    queue.save()
    return queue


def asked(queue: Queue, *, at: datetime, **values: Any) -> Ticket:
    return make_ticket(queue, now=at, **values)


def row_of(page: Any, ticket: Ticket) -> str:
    return text(page).partition(f'tabindex="-1">{ticket.number}</a>')[2].partition("</tr>")[0]


@time_machine.travel(NOW, tick=False)  # Tuesday 24 November, 11:00 in Amsterdam
def test_each_ticket_is_in_one_window_with_its_term_and_what_is_left_of_it_in_working_time(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    late = asked(queue, at=NOW - 27 * HOUR)  # Monday 8:00: due on Tuesday 9:00
    today = asked(queue, at=NOW - 22 * HOUR)  # Monday 13:00: due on Tuesday 14:00
    thursday = asked(queue, at=NOW)
    tomorrow = asked(queue, at=NOW)
    Ticket.objects.filter(pk=tomorrow.pk).update(escalates_at=NOW + 24 * HOUR, warns_at=None)
    asked(other_queue, at=NOW - 100 * HOUR)
    pages = [desk.get(f"/escalatie/{name}/") for name in NAMES]
    assert [numbers(page) for page in pages] == [
        [late.number],
        [today.number],
        [tomorrow.number],
        [thursday.number],
    ]
    assert numbers(desk.get("/escalatie/")) == [late.number]
    for word in ("te laat", "vandaag", "morgen", "komende week"):
        assert f"{word}: <b>1</b>" in text(pages[0])
    rows = [row_of(page, ticket) for page, ticket in zip(pages, (late, today), strict=False)]
    assert "term term--over" in rows[0]
    assert "eerste reactie 2 u te laat" in rows[0]
    assert '<td class="c-when">vandaag 09:00</td>' in rows[0]
    assert "term term--soon" not in rows[1]
    assert "eerste reactie binnen 3 u" in rows[1]
    assert "eerste reactie binnen 10 u" in row_of(pages[3], thursday)
    assert '<td class="c-when">26-11-2026 12:00</td>' in row_of(pages[3], thursday)


@time_machine.travel(NOW, tick=False)
def test_what_waits_stands_apart_without_colour_and_what_is_closed_is_not_there(
    desk: Client, queue: Queue
) -> None:
    waiting, closed = asked(queue, at=NOW - 30 * HOUR), asked(queue, at=NOW, state=state_by_key("open"))
    state = state_by_key("pending_reminder")
    waits = {"state": state, "state_type": state.type, "pending_until": NOW + HOUR}
    Ticket.objects.filter(pk=waiting.pk).update(**waits)
    Ticket.objects.filter(pk=closed.pk).update(
        state=state_by_key("closed_successful"), state_type="closed", closed_at=NOW, escalates_at=None
    )
    page = desk.get("/escalatie/te-laat/")
    assert numbers(page) == [waiting.number]
    assert "Wachtend (1)" in text(page)
    assert "term--" not in row_of(page, waiting)
    assert desk.get("/escalatie/nooit/").status_code == 404
    assert "Dan loopt geen termijn af" in text(desk.get("/escalatie/week/"))


@time_machine.travel(NOW, tick=False)
def test_a_tickets_box_tells_each_term_that_runs_and_when_it_ends(
    desk: Client, queue: Queue, owner: Agent
) -> None:
    ticket = asked(queue, at=NOW - 27 * HOUR)
    Queue.objects.filter(pk=queue.pk).update(solution_minutes=1800, update_minutes=6_000)
    new_terms(Queue.objects.all())
    apply_terms()
    box = " ".join(text(desk.get(f"/tickets/{ticket.number}/")).partition('id="a-ticket"')[2].split())
    told = box.partition("</dl>")[0]
    assert '<dt>Eerste reactie:</dt> <dd><span class="term term--over">' in told
    assert '2 u te laat</span></span><span class="sub">24-11-2026 09:00</span>' in told
    assert '<dt>Oplossing:</dt> <dd><span class="term ">' in told
    assert '<span>binnen 18 u</span></span><span class="sub">27-11-2026 11:00</span>' in told
    assert "<dt>Antwoord:</dt>" in told


def test_an_index_has_them_in_their_order_and_no_other_ticket_is_read(owner: Agent, queue: Queue) -> None:
    which = escalating(windows(now=NOW)["late"])
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        page_of(which, actor=actor(owner), queues=[queue.pk], wish=Wish(size=50))
        cursor.execute("EXPLAIN " + captured.captured_queries[-1]["sql"].replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using ticket_escalates" in plan
