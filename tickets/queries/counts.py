"""How many tickets there are, without counting them: tally + deltas (see `TicketTally`)."""

from dataclasses import dataclass, field

from django.db import connection

from accounts.models import Customer
from queues.access import Rights
from tickets.actor import Actor
from tickets.models import OPEN_TYPES, StateType

COUNT_MOST = 1_000

SUMS = """
SELECT queue_id, state_type, locked, sum(n) FROM (
    SELECT queue_id, state_type, locked, n FROM tickets_tickettally WHERE queue_id = ANY(%(queues)s)
    UNION ALL
    SELECT queue_id, state_type, locked, n FROM tickets_tickettallydelta WHERE queue_id = ANY(%(queues)s)
) AS sums GROUP BY queue_id, state_type, locked
"""
MINE = """
SELECT count(*), count(*) FILTER (WHERE locked) FROM (
    SELECT locked FROM tickets_ticket
    WHERE owner_id = %(agent)s AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) LIMIT %(most)s
) AS mine
"""
OF_CUSTOMER = """
SELECT (SELECT count(*) FROM (
    SELECT FROM tickets_ticket
    WHERE customer_id = %(customer)s AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s)
    LIMIT %(most)s
) AS open), (SELECT count(*) FROM (
    SELECT FROM tickets_ticket
    WHERE customer_id = %(customer)s AND queue_id = ANY(%(queues)s) AND closed_at IS NOT NULL
    LIMIT %(most)s
) AS closed)
"""


@dataclass(slots=True)
class Counts:
    """The numbers of one queue. `available`: open and not locked; `closed`: all that is not open."""

    open: int = 0
    available: int = 0
    new: int = 0
    closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            open=self.open + other.open,
            available=self.available + other.available,
            new=self.new + other.new,
            closed=self.closed + other.closed,
        )


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The numbers of each queue that an agent may see."""

    by_queue: dict[int, Counts] = field(default_factory=dict)

    def of(self, *queue_ids: int) -> Counts:
        """The numbers of these queues together."""
        return sum((self.by_queue.get(queue_id, Counts()) for queue_id in queue_ids), Counts())


@dataclass(frozen=True, slots=True)
class MyCounters:
    """Top right: tickets locked by me, and open tickets that I own."""

    locked: int
    owned: int


@dataclass(frozen=True, slots=True)
class CustomerCounts:
    """How many tickets a customer has in the agent's queues; each count stops at 1,000."""

    open: int = 0
    closed: int = 0


def queue_counts(*, rights: Rights) -> QueueCounts:
    """The counts of every visible queue, in one query whose cost does not grow with the archive."""
    counts: dict[int, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"queues": sorted(rights.visible)})
        for queue_id, state_type, locked, n in cursor.fetchall():
            _count(counts.setdefault(queue_id, Counts()), state_type=state_type, locked=locked, n=int(n))
    return QueueCounts(by_queue=counts)


def my_counters(actor: Actor) -> MyCounters:
    """Both figures of the title bar in one query, over the agent's open tickets only."""
    rights = actor.agent_rights
    with connection.cursor() as cursor:
        cursor.execute(
            MINE,
            {
                "agent": rights.agent_id,
                "queues": sorted(rights.visible),
                "open": list(OPEN_TYPES),
                "most": COUNT_MOST,
            },
        )
        owned, locked = cursor.fetchone()
    return MyCounters(locked=locked, owned=owned)


def customer_counts(*, customer: Customer, rights: Rights) -> CustomerCounts:
    """Both counts of a customer in one query, each by an index of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            OF_CUSTOMER,
            {
                "customer": customer.pk,
                "queues": sorted(rights.visible),
                "open": list(OPEN_TYPES),
                "most": COUNT_MOST,
            },
        )
        return CustomerCounts(*cursor.fetchone())


def _count(counts: Counts, *, state_type: str, locked: bool, n: int) -> None:
    if state_type not in OPEN_TYPES:
        counts.closed += n
        return
    counts.open += n
    counts.available += 0 if locked else n
    counts.new += n if state_type == StateType.NEW else 0
