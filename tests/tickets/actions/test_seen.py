"""What an agent has read of a ticket."""

import pytest

from accounts.models import Agent
from tickets.actions.seen import mark_seen
from tickets.models import Ticket, TicketSeen

pytestmark = pytest.mark.django_db


def test_what_was_seen_never_grows_less(ticket: Ticket, owner: Agent) -> None:
    for upto in (5, 9, 3):
        mark_seen(agent=owner, ticket=ticket, upto=upto)
    assert TicketSeen.objects.get().upto == 9
