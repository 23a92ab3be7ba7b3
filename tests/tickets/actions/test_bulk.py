"""Several things of a ticket changed by one deed: each by its own rule, told by one event and one note."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, grant, make_agent, make_free_field
from tests.tickets.actions.written import words
from tickets.actions.bulk import Change, change_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.errors import (
    Ask,
    BadInput,
    LockedByOther,
    MovedMeanwhile,
    NotAllowed,
    OwnedMeanwhile,
    PriorityMeanwhile,
    TicketClosed,
)
from tickets.kinds import EventKind
from tickets.models import Event, FreeField, FreeValue, Priority, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right
CLOSED, OPEN, REMINDER = "closed_successful", "open", "pending_reminder"


def change(
    ticket: Ticket, agent: Agent, *, text: bool = True, seen: int | None = None, **asked: Any
) -> Ticket:
    """The ticket as it is after that."""
    given = words()
    given["note"] = replace(given["note"], seen_event=seen, **({} if text else {"html": ""}))
    if "state" in asked:
        asked["state"] = state_by_key(asked["state"])
    change_ticket(actor=actor(agent), ticket=ticket, change=Change(**asked), **given)
    return Ticket.objects.select_related("owner", "queue", "state").get(pk=ticket.pk)


def test_whatever_is_changed_it_is_one_event_with_one_note(
    ticket: Ticket, owner: Agent, colleague: Agent, other_queue: Queue
) -> None:
    for agent in (owner, colleague):
        grant(agent, other_queue, Right.ALL)
    changed = change(
        ticket,
        owner,
        queue=other_queue,
        new_owner=colleague,
        priority=Priority.HIGH,
        state=REMINDER,
        pending_until=NOW + timedelta(days=2),
    )
    assert (changed.queue, changed.owner, changed.locked) == (other_queue, colleague, True)
    assert (changed.priority, changed.state.key, changed.pending_until) == (
        Priority.HIGH,
        REMINDER,
        NOW + timedelta(days=2),
    )
    event = Event.objects.filter(ticket=ticket).latest("pk")
    assert (event.kind, set(event.changes)) == (
        EventKind.CHANGED_WITH_OTHERS,
        {"queue", "owner", "priority", "state", "pending_until", "locked"},
    )
    assert (ticket.events.count(), ticket.articles.count()) == (2, 2)
    assert event.article is not None
    assert event.article.text == "Daarom"


@pytest.mark.parametrize(
    ("asked", "owned", "locked"),
    [
        ({}, None, False),
        ({"state": OPEN}, None, False),
        ({"state": CLOSED}, "owner", False),
        ({"state": REMINDER, "pending_until": NOW + timedelta(days=2)}, "owner", True),
        ({"priority": Priority.HIGH}, "owner", True),
        ({"priority": Priority.HIGH, "lock": False}, "owner", False),
        ({"new_owner": "colleague"}, "colleague", True),
        ({"new_owner": "colleague", "priority": Priority.HIGH}, "colleague", True),
        ({"new_owner": "colleague", "lock": False}, "colleague", False),
        ({"new_owner": "colleague", "state": CLOSED}, "colleague", False),
        ({"lock": True}, "owner", True),
        ({"queue": True}, None, False),
        ({"queue": True, "priority": Priority.HIGH}, None, False),
        ({"queue": True, "lock": True}, "owner", True),
        ({"queue": True, "new_owner": "colleague"}, "colleague", True),
        ({"queue": True, "new_owner": "colleague", "state": CLOSED}, "colleague", False),
    ],
)
def test_whose_it_is_afterwards(
    ticket: Ticket,
    owner: Agent,
    colleague: Agent,
    other_queue: Queue,
    asked: dict[str, Any],
    owned: str | None,
    locked: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    for agent in (owner, colleague):
        grant(agent, other_queue, Right.ALL)
    given = {"queue": other_queue, "new_owner": colleague}
    changed = change(ticket, owner, **{name: given.get(name, value) for name, value in asked.items()})
    assert (changed.owner.username if changed.owner else None, changed.locked) == (owned, locked)


def test_a_lock_that_the_agent_has_goes_or_stays_as_they_say(ticket: Ticket, owner: Agent) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=owner, locked=True, locked_at=NOW)
    ticket.refresh_from_db()
    assert change(ticket, owner, state=OPEN).locked
    assert not change(ticket, owner, lock=False).locked


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({}, Right.NOTE),
        ({"priority": Priority.HIGH}, Right.PRIORITY),
        ({"new_owner": True}, Right.OWNER),
        ({"state": CLOSED}, Right.ALL),
        ({"lock": True}, Right.ALL),
    ],
)
def test_each_thing_needs_the_right_of_its_own_screen(
    ticket: Ticket, queue: Queue, owner: Agent, asked: dict[str, Any], right: str
) -> None:
    agent = make_agent()
    others = set(Right) - {right, Right.ALL}
    grant(agent, queue, *others)
    asked = asked | ({"new_owner": owner} if "new_owner" in asked else {})
    with pytest.raises(NotAllowed):
        change(ticket, agent, text=not asked, **asked)
    grant(agent, queue, Right.READ if right == Right.READ else right)
    assert change(ticket, agent, text=not asked, **asked).pk == ticket.pk


def test_moving_needs_a_right_there_and_an_owner_one_too(
    ticket: Ticket, owner: Agent, colleague: Agent, other_queue: Queue
) -> None:
    with pytest.raises(NotAllowed):
        change(ticket, owner, queue=other_queue)
    grant(owner, other_queue, Right.MOVE_INTO)
    with pytest.raises(BadInput):
        change(ticket, owner, queue=other_queue, new_owner=colleague)
    assert change(ticket, owner, queue=other_queue).queue == other_queue


def test_what_a_colleague_holds_is_left_alone(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague, locked=True, locked_at=NOW)
    with pytest.raises(LockedByOther):
        change(ticket, owner)


@pytest.mark.parametrize(
    ("since", "asked", "refusal"),
    [
        ("owner", {"new_owner": "reader"}, OwnedMeanwhile),
        ("priority", {"priority": Priority.HIGH}, PriorityMeanwhile),
        ("queue", {"queue": "queue"}, MovedMeanwhile),
        ("state", {"state": CLOSED}, TicketClosed),
        ("state", {"priority": Priority.HIGH}, TicketClosed),
    ],
)
def test_what_somebody_decided_since_it_was_chosen_stays(
    ticket: Ticket,
    owner: Agent,
    colleague: Agent,
    other_queue: Queue,
    request: pytest.FixtureRequest,
    since: str,
    asked: dict[str, Any],
    refusal: type[Exception],
) -> None:
    grant(owner, other_queue, Right.ALL)
    seen = Ticket.objects.get(pk=ticket.pk)
    meanwhile: dict[str, dict[str, Any]] = {
        "owner": {"new_owner": colleague, "lock": False},
        "priority": {"priority": Priority.LOW, "lock": False},
        "queue": {"queue": other_queue},
        "state": {"state": CLOSED},
    }
    grant(colleague, other_queue, Right.ALL)
    change(ticket, colleague, **meanwhile[since])
    chosen = {
        name: request.getfixturevalue(value) if isinstance(value, str) and name != "state" else value
        for name, value in asked.items()
    }
    with pytest.raises(refusal):
        change(seen, owner, **chosen)


def test_a_ticket_is_not_closed_past_what_came_after_its_list_was_shown(ticket: Ticket, owner: Agent) -> None:
    seen = newest_event(ticket).event
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)
    with pytest.raises(Ask):
        change(ticket, owner, state=CLOSED, seen=seen)
    assert change(ticket, owner, state=CLOSED, seen=newest_event(ticket).event).closed_at


def test_what_it_is_already_needs_no_doing_and_all_of_that_is_refused(ticket: Ticket, owner: Agent) -> None:
    with pytest.raises(BadInput):
        change(ticket, owner, text=False, priority=ticket.priority, queue=ticket.queue)
    changed = change(ticket, owner, text=False, priority=ticket.priority, lock=True)
    assert changed.locked
    assert set(Event.objects.latest("pk").changes) == {"owner", "locked"}


def test_a_ticket_that_lacks_what_closing_asks_for_is_to_be_closed_by_itself(
    ticket: Ticket, owner: Agent, queue: Queue, other_queue: Queue
) -> None:
    """What its own screen would ask for, and what that of the queue into which it goes would."""
    grant(owner, other_queue, Right.ALL)
    for name, where in (("Groep", queue), ("Soort", queue), ("Elders", other_queue)):
        make_free_field("short", name_nl=name, queues=[where], on_close="required")
    make_free_field("short", name_nl="Vrij", on_close="shown")
    make_free_field("short", name_nl="Oud", on_close="required", is_active=False)
    with pytest.raises(
        BadInput, match="Spel vraagt bij het sluiten om 'Groep', 'Soort': sluit dit ticket ap"
    ):
        change(ticket, owner, state=CLOSED)
    with pytest.raises(BadInput, match="'Elders'"):
        change(ticket, owner, state=CLOSED, queue=other_queue)
    assert change(ticket, owner, state=OPEN).is_open
    for field in FreeField.objects.filter(queues=queue):
        FreeValue.objects.create(ticket=ticket, field=field, kind=field.kind, short="Zuid")
    assert not change(ticket, owner, state=CLOSED).is_open
