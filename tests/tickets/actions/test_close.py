"""Closing: into a closed state only; the lock ends, the owner stays."""

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.lock import lock_ticket
from tickets.errors import BadInput
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def test_closing_unlocks_and_keeps_the_owner(ticket: Ticket, owner: Agent) -> None:
    lock_ticket(actor=actor(owner), ticket=ticket, now=NOW)
    close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("closed_unsuccessful"), **words())
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_unsuccessful", False, owner)
    assert ticket.closed_at == NOW


def test_only_closed_states_close(ticket: Ticket, owner: Agent) -> None:
    with pytest.raises(BadInput):
        close_ticket(actor=actor(owner), ticket=ticket, state=state_by_key("open"), **words())
