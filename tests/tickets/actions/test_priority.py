"""Priorities: who may change one, and what becomes of the lock that the screen took."""

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant
from tests.tickets.actions.written import words
from tickets.actions.lock import take_ticket
from tickets.actions.priority import change_priority
from tickets.errors import BadInput, NotAllowed, PriorityMeanwhile, TicketClosed
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Event, Priority, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def set_to(ticket: Ticket, priority: int, *, by: Agent) -> None:
    change_priority(actor=actor(by), ticket=ticket, priority=priority, **words())
    ticket.refresh_from_db()


def test_who_answers_the_ticket_has_it_locked_after_that(ticket: Ticket, owner: Agent) -> None:
    set_to(ticket, Priority.VERY_HIGH, by=owner)
    assert (ticket.priority, ticket.owner, ticket.locked) == (Priority.VERY_HIGH, owner, True)
    (line,) = history_of(Event.objects.filter(kind=EventKind.PRIORITY_CHANGED))
    assert "Prioriteit: 3 normaal → 5 zeer hoog" in line.changes


def test_who_has_the_right_alone_leaves_the_ticket_as_free_as_it_was(
    ticket: Ticket, reader: Agent, colleague: Agent, queue: Queue
) -> None:
    with pytest.raises(NotAllowed):
        set_to(ticket, Priority.HIGH, by=reader)
    grant(reader, queue, Right.PRIORITY)
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague)
    take_ticket(actor=actor(reader), ticket=ticket, right=Right.PRIORITY, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (reader, True)
    set_to(ticket, Priority.HIGH, by=reader)
    assert (ticket.priority, ticket.owner, ticket.locked) == (Priority.HIGH, colleague, False)


def test_what_changes_nothing_or_is_no_priority_is_refused_with_a_sentence(
    ticket: Ticket, owner: Agent
) -> None:
    with pytest.raises(BadInput, match="Dit ticket heeft die prioriteit al"):
        set_to(ticket, ticket.priority, by=owner)
    with pytest.raises(BadInput, match="een van de vijf"):
        set_to(ticket, 6, by=owner)
    assert not ticket.events.filter(kind=EventKind.PRIORITY_CHANGED).exists()


def test_who_comes_second_is_told_who_was_faster(
    ticket: Ticket, reader: Agent, colleague: Agent, queue: Queue
) -> None:
    """Neither holds the lock: the first gave it back."""
    for agent in (reader, colleague):
        grant(agent, queue, Right.PRIORITY)
    seen = Ticket.objects.get(pk=ticket.pk)
    set_to(ticket, Priority.HIGH, by=reader)
    with pytest.raises(PriorityMeanwhile, match=f"{reader} .*4 hoog"):
        set_to(seen, Priority.LOW, by=colleague)


def test_a_closed_ticket_has_no_urgency(ticket: Ticket, owner: Agent) -> None:
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
    with pytest.raises(TicketClosed):
        set_to(ticket, Priority.HIGH, by=owner)
