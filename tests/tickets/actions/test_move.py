"""Moving: from where one may do everything to where one may move into, perhaps to a new owner."""

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import NOW, actor, grant
from tests.tickets.actions.written import words
from tickets.actions.lock import take_ticket
from tickets.actions.move import move_ticket
from tickets.errors import BadInput, NotAllowed
from tickets.kinds import EventKind
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db
Right = QueuePermission.Right


def test_moving_needs_everything_here_and_move_into_there(
    ticket: Ticket, owner: Agent, other_queue: Queue
) -> None:
    with pytest.raises(NotAllowed):
        move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, **words())
    grant(owner, other_queue, Right.MOVE_INTO)
    move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, **words())
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.locked) == (other_queue, False)
    assert Event.objects.get(kind=EventKind.MOVED).changes["queue"][1]["label"] == other_queue.name


def test_a_new_owner_gets_the_lock_and_must_answer_there(
    ticket: Ticket, owner: Agent, stranger: Agent, reader: Agent, other_queue: Queue
) -> None:
    grant(owner, other_queue, Right.MOVE_INTO)
    with pytest.raises(BadInput):
        move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, new_owner=reader, **words())
    move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, new_owner=stranger, **words())
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (stranger, True)


@pytest.mark.parametrize("sees", ["it", "nothing"])
@pytest.mark.parametrize("before", ["nobody", "the colleague", "the mover"])
def test_the_owner_is_as_before_the_screen_took_it_if_they_see_the_new_queue_else_nobody(
    ticket: Ticket, owner: Agent, colleague: Agent, other_queue: Queue, before: str, sees: str
) -> None:
    was = {"nobody": None, "the colleague": colleague, "the mover": owner}[before]
    Ticket.objects.filter(pk=ticket.pk).update(owner=was)
    grant(owner, other_queue, Right.MOVE_INTO)
    if sees == "it":
        grant(owner, other_queue, Right.READ)
        grant(colleague, other_queue, Right.READ)
    take_ticket(actor=actor(owner), ticket=ticket, right=Right.ALL, now=NOW)
    move_ticket(actor=actor(owner), ticket=ticket, queue=other_queue, **words())
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.locked) == (was if sees == "it" else None, False)
