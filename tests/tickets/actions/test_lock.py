"""The lock: taken by one, opened by any, given back as it was."""

import pytest

from accounts.models import Agent
from queues.models import QueuePermission
from tests.factories import NOW, actor, grant
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket, unlock_ticket
from tickets.errors import Ask, LockedByOther, NotAllowed
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_locking_makes_owner_and_a_second_agent_is_told_who(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    with pytest.raises(LockedByOther, match="Owner"):
        lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    with pytest.raises(Ask, match="Owner heeft dit ticket sinds 24-11-2026 11:00 vergrendeld") as asked:
        unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW, anyway=["lock:0"])
    ticket.refresh_from_db()
    assert ticket.locked
    assert asked.value.question == "Het ticket van Owner ontgrendelen?"
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW, anyway=[asked.value.key])
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, owner)


def test_cancelling_gives_back_lock_and_owner_as_they_were(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    unlock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)
    give_back_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, colleague)


def test_ones_own_lock_is_opened_without_further_rights_and_a_colleagues_is_not(
    ticket: Ticket, owner: Agent, reader: Agent
) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    with pytest.raises(NotAllowed):
        unlock_ticket(actor=actor(reader), ticket=ticket, now=NOW)
    grant(reader, ticket.queue, QueuePermission.Right.PRIORITY)
    unlock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    take_ticket(actor=actor(reader), ticket=ticket, right=QueuePermission.Right.PRIORITY, now=NOW)
    assert not unlock_ticket(actor=actor(reader), ticket=ticket, now=NOW).locked
