"""Twenty tickets lived through from Friday to Tuesday, compared with the table in the docs made by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Agent
from notify.models import Notification
from notify.reasons import Reason
from notify.tasks import decide
from queues.models import Calendar, Queue
from tests.factories import actor, answer, customer_mail, grant, make_agent, make_queue, make_ticket
from tests.notify.telling import keeps_an_eye_on, wants
from tests.tickets.actions.written import words
from tickets.actions.alarms import tell_alarms
from tickets.actions.close import close_ticket
from tickets.actions.close_waited import close_waited
from tickets.actions.follow_up import add_follow_up
from tickets.actions.free_locks import free_locks
from tickets.actions.lock import lock_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import reply_to_ticket
from tickets.actions.wait import let_ticket_wait
from tickets.actor import Actor
from tickets.kinds import NOTIFY, EventKind
from tickets.models import Article, Event, EventTask, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).resolve().parent.parent.parent / "docs" / "time.md"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = {"Fri": 23, "Sat": 24, "Sun": 25, "Mon": 26, "Tue": 27, "Wed": 28}
MINUTE, HOUR = timedelta(minutes=1), 60
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}
TERMS = {"first_response": "first", "update": "answer", "solution": "solution"}
TELLING = {
    EventKind.TERM_WARNED: "soon",
    EventKind.TERM_ENDED: "over",
    EventKind.REMINDED: "reminder",
    EventKind.LOCK_TIMED_OUT: "unlocked",
    EventKind.CLOSED: "closed",
}
MAILED: dict[str, str] = {
    Reason.FOLLOW_UP: "reaction",
    Reason.TIMED_OUT: "unlocked",
    Reason.TERM_WARNED: "soon",
    Reason.TERM_ENDED: "over",
}


@dataclass
class Row:
    """A line of the table: the queue, (when, what happens), its terms, what KVV tells and who is mailed."""

    queue: str
    story: list[tuple[datetime, str]]
    terms: list[str]
    told: list[str]
    mailed: list[str]
    ticket: Ticket | None = None


def at(clock: str) -> datetime:
    """'Mon 10:00' in UTC; of what the clock shows twice, the second, which is told after two hours."""
    day, time = clock.split()
    hour, minute = map(int, time.split(":"))
    fold = int((day, hour) == ("Sun", 2))
    return datetime(2026, 10, DAYS[day], hour, minute, tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)


def shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(AMSTERDAM):%a %H:%M}" if moment else "–"


def rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").partition("| what happens |")[2].splitlines()[2:]
    found = []
    for line in lines:
        queue, story, *terms, told, mailed = (cell.strip() for cell in line.strip("| ").split(" | "))
        deeds = [(at(deed[:9]), deed[10:]) for deed in story.split(", ")]
        found.append(Row(queue, deeds, terms, [] if told == "–" else told.split(", "), mailed.split(", ")))
    return found


@pytest.fixture
def ben() -> Agent:
    """Who does what an agent does."""
    agent = make_agent("ben")
    wants(agent, "mails_follow_up", "mails_time_out")
    return agent


@pytest.fixture
def queues(ben: Agent) -> dict[str, Queue]:
    office = {"first_response_minutes": 2 * HOUR, "update_minutes": 4 * HOUR, "solution_minutes": 16 * HOUR}
    always = {"first_response_minutes": 12 * HOUR, "update_minutes": 24 * HOUR, "solution_minutes": 48 * HOUR}
    as_otrs = {"update_only_while_waiting": False, "solution_restarts_on_reopen": False}
    works = {"calendar": Calendar.objects.create(name="Kantoor", hours=OFFICE)}
    shapes: dict[str, dict[str, Any]] = {
        "office": {**office, **works},
        "otrs": {**office, **works, **as_otrs},
        "always": always,
    }
    made = {
        name: make_queue(name, notify_percent=75, unlock_minutes=2 * HOUR, **shape)
        for name, shape in shapes.items()
    }
    vera = make_agent("vera")
    for queue in made.values():
        grant(ben, queue, "rw")
        grant(vera, queue, "rw")
        keeps_an_eye_on(vera, queue)
    return made


def begin(row: Row, queue: Queue, now: datetime, *, ours: bool) -> None:
    sender = {"sender_type": Article.SenderType.AGENT, "direction": Article.Direction.OUT} if ours else {}
    row.ticket = make_ticket(queue, article=customer_mail(**sender), now=now)


def live(row: Row, what: str, now: datetime, *, queues: dict[str, Queue], agent: Agent) -> None:
    """Let one thing happen to the ticket."""
    ticket, who, said = row.ticket, actor(agent), words() | {"now": now}
    if ticket is None:
        begin(row, queues[row.queue], now, ours=what == "mail of ours")
        return
    ticket.refresh_from_db()
    verb, _until, moment = what.partition(" until ")
    deeds: dict[str, Callable[[], object]] = {
        "mail": lambda: add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=now),
        "note": lambda: add_note(actor=who, ticket=ticket, **said),
        "lock": lambda: lock_ticket(actor=who, ticket=ticket, now=now),
        "answer": lambda: reply(ticket, agent, now, state="open"),
        "answer and close": lambda: reply(ticket, agent, now, state="closed_successful"),
        "close": lambda: close_ticket(
            actor=who, ticket=ticket, state=state_by_key("closed_successful"), **said
        ),
        "move to always": lambda: move_ticket(actor=who, ticket=ticket, queue=queues["always"], **said),
        "wait": lambda: let_ticket_wait(
            actor=who, ticket=ticket, state=state_by_key("pending_reminder"), pending_until=at(moment), **said
        ),
        "close by itself": lambda: let_ticket_wait(
            actor=who,
            ticket=ticket,
            state=state_by_key("pending_auto_close_success"),
            pending_until=at(moment),
            **said,
        ),
    }
    deeds[verb]()


def reply(ticket: Ticket, agent: Agent, now: datetime, *, state: str) -> None:
    filled = answer(ticket, state=state_by_key(state))
    reply_to_ticket(actor=actor(agent), ticket=ticket, answer=filled, now=now)


def beat(now: datetime) -> None:
    tell_alarms(now=now)
    close_waited(now=now)
    free_locks(now=now)
    if EventTask.objects.filter(consumer=NOTIFY).update(not_before=now):
        decide()


def mailed_of(ticket: Ticket) -> list[str]:
    """In the order of time, and of the letters of what comes together."""
    rows = Notification.objects.filter(event__ticket=ticket).select_related("agent").order_by("created")
    lines = [(row.created, f"{MAILED.get(row.reason, row.reason)} {row.agent}") for row in rows]
    return [f"{shown(at)} {what}" for at, what in sorted(lines)]


def told_of(ticket: Ticket) -> list[str]:
    events = Event.objects.filter(ticket=ticket, actor_kind=Event.ActorKind.TIMER).order_by("at", "pk")
    return [f"{shown(event.at)} {_word(event)}" for event in events]


def _word(event: Event) -> str:
    term = event.changes.get("term")
    word = TELLING[EventKind(event.kind)]
    return f"{TERMS[term[1]['id']]} {word}" if term else word


def moments(table: Sequence[Row]) -> list[datetime]:
    """When something happens or is to be told, each with the minute before: nothing comes too early."""
    deeds = [when for row in table for when, _what in row.story]
    told = [at(line[:9]) for row in table for line in (*row.told, *row.mailed)]
    return sorted({moment - early * MINUTE for moment in (*deeds, *told) for early in (0, 1)})


def test_each_term_reminder_time_out_and_notification_of_the_weekend_is_what_the_table_says(
    queues: dict[str, Queue], ben: Agent
) -> None:
    table = rows()
    assert len(table) == 20
    deeds = [(when, partial(live, row, what)) for row in table for when, what in row.story]
    for now in moments(table):
        with time_machine.travel(now, tick=False):
            for when, deed in deeds:
                if when == now:
                    deed(now, queues=queues, agent=ben)
            beat(now)
    lived = [came_of(row.ticket) for row in table if row.ticket]
    assert lived == [(row.terms, row.told, row.mailed) for row in table]


def came_of(ticket: Ticket) -> tuple[list[str], list[str], list[str]]:
    ticket.refresh_from_db()
    due = (ticket.first_response_due, ticket.update_due, ticket.solution_due)
    terms = [shown(moment) for moment in due]
    return terms, sorted(told_of(ticket), key=order), mailed_of(ticket)


def order(line: str) -> tuple[datetime, str]:
    """By time; of what comes together, an end before a warning, and terms before the rest."""
    return at(line[:9]), "" if line.endswith("over") else line[10:]
