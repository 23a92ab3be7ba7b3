"""Another owner: for whom the ticket is locked, whoever had it, and who may become one."""

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant
from tests.tickets.actions.written import words
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket
from tickets.actions.owner import change_owner
from tickets.errors import BadInput, NotAllowed, OwnedMeanwhile
from tickets.history import history_of
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.queries.owners import previous_owners
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def give(ticket: Ticket, new_owner: Agent, *, by: Agent) -> None:
    change_owner(actor=actor(by), ticket=ticket, new_owner=new_owner, **words())
    ticket.refresh_from_db()


def test_the_right_alone_gives_a_colleagues_ticket_to_another_for_whom_it_is_locked(
    ticket: Ticket, owner: Agent, colleague: Agent, reader: Agent, queue: Queue
) -> None:
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    with pytest.raises(NotAllowed):
        give(ticket, owner, by=reader)
    grant(reader, queue, Right.OWNER)
    give(ticket, owner, by=reader)
    assert (ticket.owner, ticket.locked) == (owner, True)
    (line,) = history_of(Event.objects.filter(kind=EventKind.OWNER_CHANGED))
    assert line.changes == [f"Eigenaar: {colleague} → {owner}"]


def test_an_owner_answers_in_the_ticket_s_queue_and_has_it_not_already(
    ticket: Ticket, owner: Agent, stranger: Agent
) -> None:
    with pytest.raises(BadInput):
        give(ticket, stranger, by=owner)
    give(ticket, owner, by=owner)
    with pytest.raises(BadInput, match=f"{owner} is al eigenaar"):
        give(ticket, owner, by=owner)
    Ticket.objects.filter(pk=ticket.pk).update(locked=False)
    give(ticket, owner, by=owner)
    assert ticket.locked


def test_a_closed_ticket_gets_an_owner_and_no_lock(ticket: Ticket, owner: Agent) -> None:
    closed = state_by_key("closed_successful")
    Ticket.objects.filter(pk=ticket.pk).update(state=closed, state_type=closed.type, closed_at=NOW)
    give(ticket, owner, by=owner)
    assert (ticket.owner, ticket.locked) == (owner, False)


def test_who_comes_second_is_told_who_was_faster(
    ticket: Ticket, owner: Agent, colleague: Agent, superuser: Agent
) -> None:
    seen = Ticket.objects.get(pk=ticket.pk)
    give(ticket, colleague, by=owner)
    with pytest.raises(OwnedMeanwhile, match=str(colleague)) as refused:
        give(seen, owner, by=superuser)
    assert refused.value.by == owner


def test_the_lock_of_a_screen_left_open_stays_the_new_owner_s(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    take_ticket(actor=actor(owner), ticket=ticket, right=Right.ALL, now=NOW)
    ticket.refresh_from_db()
    give(ticket, colleague, by=owner)
    give_back_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (colleague, True)


def test_previous_owners_are_told_of_by_the_events_the_last_of_them_first(
    ticket: Ticket, owner: Agent, colleague: Agent, superuser: Agent
) -> None:
    assert previous_owners(ticket) == []
    for agent in (superuser, owner, superuser, colleague):
        give(ticket, agent, by=owner)
    assert previous_owners(ticket) == [superuser.pk, owner.pk]
