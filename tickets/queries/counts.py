"""How many tickets each queue has, without counting them: tally + deltas (see `TicketTally`)."""

from dataclasses import dataclass, field

from django.db import connection

from queues.access import Rights
from tickets.models import OPEN_TYPES, StateType

SUMS = """
SELECT queue_id, state_type, locked, sum(n) FROM (
    SELECT queue_id, state_type, locked, n FROM tickets_tickettally WHERE queue_id = ANY(%(queues)s)
    UNION ALL
    SELECT queue_id, state_type, locked, n FROM tickets_tickettallydelta WHERE queue_id = ANY(%(queues)s)
) AS sums GROUP BY queue_id, state_type, locked
"""


@dataclass(slots=True)
class Counts:
    """The numbers of one queue. `available`: open and not locked; `closed`: all that is not open.

    `begun`: those in the state 'open', which are neither new nor wait for a date.
    """

    open: int = 0
    available: int = 0
    new: int = 0
    begun: int = 0
    closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            open=self.open + other.open,
            available=self.available + other.available,
            new=self.new + other.new,
            begun=self.begun + other.begun,
            closed=self.closed + other.closed,
        )


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The numbers of each queue that an agent may see."""

    by_queue: dict[int, Counts] = field(default_factory=dict)

    def of(self, *queue_ids: int) -> Counts:
        """The numbers of these queues together."""
        return sum((self.by_queue.get(queue_id, Counts()) for queue_id in queue_ids), Counts())


def queue_counts(*, rights: Rights) -> QueueCounts:
    """The counts of every visible queue, in one query whose cost does not grow with the archive."""
    counts: dict[int, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"queues": sorted(rights.visible)})
        for queue_id, state_type, locked, n in cursor.fetchall():
            _count(counts.setdefault(queue_id, Counts()), state_type=state_type, locked=locked, n=int(n))
    return QueueCounts(by_queue=counts)


def _count(counts: Counts, *, state_type: str, locked: bool, n: int) -> None:
    if state_type not in OPEN_TYPES:
        counts.closed += n
        return
    counts.open += n
    counts.available += 0 if locked else n
    counts.new += n if state_type == StateType.NEW else 0
    counts.begun += n if state_type == StateType.OPEN else 0
