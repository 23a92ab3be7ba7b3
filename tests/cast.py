"""The fixed cast: who tests are about. All of them know the queue 'Spel', but for the stranger."""

import pytest
from django.core.cache import caches

from accounts.models import Agent, Customer
from queues.models import Queue, QueuePermission
from tests.factories import grant, make_agent, make_customer, make_queue, make_ticket
from tickets.kinds import CONSUMERS, NOTIFY, SEARCH
from tickets.models import Ticket

Right = QueuePermission.Right


@pytest.fixture
def queue(db: None) -> Queue:
    return make_queue("Spel")


@pytest.fixture
def other_queue(db: None) -> Queue:
    return make_queue("Veiligheid")


@pytest.fixture
def owner(queue: Queue) -> Agent:
    """Answers questions in 'Spel'."""
    agent = make_agent("owner")
    grant(agent, queue, Right.ALL)
    return agent


@pytest.fixture
def colleague(queue: Queue) -> Agent:
    """Answers questions in 'Spel', too."""
    agent = make_agent("colleague")
    grant(agent, queue, Right.ALL)
    return agent


@pytest.fixture
def reader(queue: Queue) -> Agent:
    """May only read in 'Spel'."""
    agent = make_agent("reader")
    grant(agent, queue, Right.READ)
    return agent


@pytest.fixture
def stranger(other_queue: Queue) -> Agent:
    """Answers questions elsewhere."""
    agent = make_agent("stranger")
    grant(agent, other_queue, Right.ALL)
    return agent


@pytest.fixture
def superuser(db: None) -> Agent:
    """The administrator."""
    return make_agent("superuser", is_superuser=True, is_staff=True)


@pytest.fixture
def customer(db: None) -> Customer:
    return make_customer("karin@post.example")


@pytest.fixture
def ticket(queue: Queue, customer: Customer) -> Ticket:
    """A new ticket of the customer in 'Spel'."""
    return make_ticket(queue, customer=customer)


@pytest.fixture
def nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Agents are told nothing, and nothing is indexed: what happens waits for other reactions alone."""
    for kind, consumers in CONSUMERS.items():
        others = tuple(name for name in consumers if name not in (NOTIFY, SEARCH))
        monkeypatch.setitem(CONSUMERS, kind, others)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a page of another test found out is not this one's business."""
    caches["local"].clear()
