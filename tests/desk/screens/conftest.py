"""Who fills in the forms of screens."""

import pytest
from django.test import Client

from accounts.models import Agent
from queues.models import Queue, QueuePermission
from tests.factories import grant

Right = QueuePermission.Right


@pytest.fixture
def desk(client: Client, owner: Agent, other_queue: Queue) -> Client:
    """The browser of the owner, who may move tickets into the other queue."""
    grant(owner, other_queue, Right.MOVE_INTO)
    client.force_login(owner)
    return client
