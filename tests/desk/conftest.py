"""The browser of an agent at work."""

import pytest
from django.test import Client

from accounts.models import Agent
from queues.models import Queue, QueueSubscription


@pytest.fixture
def desk(client: Client, owner: Agent, queue: Queue) -> Client:
    """The owner is signed in, and 'Spel' is one of their queues."""
    QueueSubscription.objects.create(agent=owner, queue=queue)
    client.force_login(owner)
    return client
