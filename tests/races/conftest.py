"""What races are about."""

import pytest

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import grant, make_auto_response, make_ticket
from tests.races import deeds
from tests.races.footprints import same_mail
from tests.races.sweeps import Two
from tickets.models import Ticket


@pytest.fixture
def pair(queue: Queue, ticket: Ticket, owner: Agent, colleague: Agent) -> Two:
    """Two tickets with the same mail, answered both; where they may go, and a text that answers by itself."""
    for agent in (owner, colleague):
        target = Queue.objects.create(name=f"Naar {agent.username}")
        for mover in (owner, colleague):
            grant(mover, target, QueuePermission.Right.ALL)
    make_auto_response(queue)
    tickets = (ticket, make_ticket(queue, customer=ticket.customer))
    for answered in tickets:
        deeds.answer_and_go_on(owner, answered)
    same_mail(owner, tickets)
    return tickets
