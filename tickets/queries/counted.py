"""How many tickets an agent or a customer has: counted one by one, so that counting stops at a thousand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.models import Customer, Organisation
from queues.access import Rights
from tickets.actor import Actor
from tickets.models import OPEN_TYPES, StateType
from tickets.queries.which import Value, Which

COUNT_MOST = 1_000

MINE = """
SELECT count(*), count(*) FILTER (WHERE locked), (
    SELECT count(*) FROM (
        SELECT FROM tickets_asked AS asked JOIN tickets_ticket AS t ON t.id = asked.ticket_id
        WHERE asked.agent_id = %(agent)s AND asked.done_at IS NULL AND t.queue_id = ANY(%(queues)s)
        LIMIT %(most)s
    ) AS asked
), (SELECT coalesce(max(id), 0) FROM tickets_event) FROM (
    SELECT locked FROM tickets_ticket
    WHERE owner_id = %(agent)s AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) LIMIT %(most)s
) AS mine
"""
FOLLOWED = """
SELECT count(*) FROM (
    SELECT FROM tickets_ticketwatcher AS watcher JOIN tickets_ticket AS t ON t.id = watcher.ticket_id
    WHERE watcher.agent_id = %(agent)s AND t.queue_id = ANY(%(queues)s) LIMIT %(most)s
) AS followed
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
OPEN_OF_ORGANISATION = """
SELECT count(*) FROM (
    SELECT FROM tickets_ticket AS t
    WHERE t.customer_id IN (SELECT id FROM accounts_customer WHERE organisation_id = %(organisation)s)
    AND t.queue_id = ANY(%(queues)s) AND t.state_type = ANY(%(open)s) LIMIT %(most)s
) AS open
"""
OPEN_OF_EACH = """
SELECT wanted.id, (SELECT count(*) FROM (
    SELECT FROM tickets_ticket
    WHERE customer_id = wanted.id AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s)
    LIMIT %(most)s
) AS open) FROM unnest(%(customers)s::bigint[]) AS wanted (id)
"""
EACH = """
(SELECT count(*) FROM (
    SELECT FROM tickets_ticket AS t WHERE t.queue_id = ANY(%(queues_{place})s) AND ({where}) LIMIT %(most)s
) AS found_{place})
"""


@dataclass(frozen=True, slots=True)
class MyCounters:
    """Top right: tickets locked by me, open tickets that I own, and those that a colleague asked me about.

    `newest_event` is that of all tickets, so that a page knows up to where it tells.
    """

    locked: int = 0
    owned: int = 0
    asked: int = 0
    newest_event: int = 0

    @property
    def token(self) -> str:
        """The three figures, for a page to say what it shows."""
        return f"{self.asked}.{self.locked}.{self.owned}"

    @property
    def are_whole(self) -> bool:
        """Whether all my tickets were looked at, so that both figures are true."""
        return is_whole(self.owned)


@dataclass(frozen=True, slots=True)
class CustomerCounts:
    """How many tickets a customer has in the agent's queues."""

    open: int = 0
    closed: int = 0


def is_whole(count: int) -> bool:
    """Whether this is all there is, and not where counting stopped."""
    return count < COUNT_MOST


def my_counters(actor: Actor) -> MyCounters:
    """The figures of the title bar in one query, over the agent's open tickets and open questions only."""
    rights = actor.agent_rights
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"agent": rights.agent_id, **_limits(rights)})
        owned, locked, asked, newest = cursor.fetchone()
    return MyCounters(locked=locked, owned=owned, asked=asked, newest_event=newest)


def count_each(lists: Sequence[tuple[Which, Iterable[int]]], *, actor: Actor) -> list[int]:
    """How many tickets each of these lists has in its queues, as far as the agent may see them; one query."""
    counts, values = [], dict[str, Value]({"most": COUNT_MOST})
    for place, (which, queues) in enumerate(lists):
        values[f"queues_{place}"] = sorted(actor.agent_rights.visible.intersection(queues))
        values |= {f"{name}_{place}": value for name, value in which.values.items()}
        own_names = {name: f"%({name}_{place})s" for name in which.values}
        where = which.where
        for name, own in own_names.items():
            where = where.replace(f"%({name})s", own)
        counts.append(EACH.format(place=place, where=where))
    if not counts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        return [int(count) for count in cursor.fetchone()]


def followed_count(actor: Actor) -> int:
    """How many tickets the agent follows and may see."""
    rights = actor.agent_rights
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWED, {"agent": rights.agent_id, **_limits(rights)})
        return int(cursor.fetchone()[0])


def customer_counts(*, customer: Customer, rights: Rights) -> CustomerCounts:
    """Both counts of a customer in one query, each by an index of its own."""
    with connection.cursor() as cursor:
        cursor.execute(OF_CUSTOMER, {"customer": customer.pk, **_limits(rights)})
        opened, closed = cursor.fetchone()
    return CustomerCounts(open=opened, closed=closed)


def organisation_open_count(organisation: Organisation, *, rights: Rights) -> int:
    """How many open tickets the customers of an organisation have in the agent's queues."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_OF_ORGANISATION, {"organisation": organisation.pk, **_limits(rights)})
        return int(cursor.fetchone()[0])


def open_counts(customers: Sequence[Customer], *, actor: Actor) -> dict[int, int]:
    """How many open tickets each of a few customers has in the actor's queues, by their id; one statement."""
    if not customers:
        return {}
    with connection.cursor() as cursor:
        ids = [customer.pk for customer in customers]
        cursor.execute(OPEN_OF_EACH, {"customers": ids, **_limits(actor.agent_rights)})
        return dict(cursor.fetchall())


def _limits(rights: Rights) -> dict[str, int | list[int] | list[StateType]]:
    """What is counted of anybody: in which queues, what is open, and how far."""
    return {"queues": sorted(rights.visible), "open": list(OPEN_TYPES), "most": COUNT_MOST}
