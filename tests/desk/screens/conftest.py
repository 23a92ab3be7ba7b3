"""Who fills in the forms of screens, and a form for each of them."""

import pytest
from django.test import Client

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.desk.screens.filling_in import filled_in
from tests.factories import grant
from tickets.states import state_by_key

Right = QueuePermission.Right


@pytest.fixture
def desk(client: Client, owner: Agent, other_queue: Queue) -> Client:
    """The browser of the owner, who may move tickets into the other queue."""
    grant(owner, other_queue, Right.MOVE_INTO)
    client.force_login(owner)
    return client


@pytest.fixture
def form(other_queue: Queue) -> dict[str, object]:
    """Fits all three screens."""
    return filled_in(state=state_by_key("closed_successful").pk, queue=other_queue.pk)
