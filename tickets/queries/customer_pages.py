"""Pages of customers, by key, each with what an agent sees of their tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Customer
from tickets.actor import Actor
from tickets.models import OPEN_TYPES
from tickets.queries.counted import COUNT_MOST
from tickets.queries.cursor import Cursor, Direction, decode_cursor
from tickets.queries.customer_keys import Key, WhichCustomers, keys_of
from tickets.queries.customers import named_in_full

OF_THEIR_TICKETS = """
SELECT wanted.id, (SELECT count(*) FROM (
    SELECT FROM tickets_ticket WHERE customer_id = wanted.id
    AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) LIMIT %(most)s
) AS open), (SELECT count(*) FROM (
    SELECT FROM tickets_ticket WHERE customer_id = wanted.id
    AND queue_id = ANY(%(queues)s) AND closed_at IS NOT NULL LIMIT %(most)s
) AS closed), (
    SELECT created FROM tickets_ticket WHERE customer_id = wanted.id
    AND queue_id = ANY(%(queues)s) ORDER BY id DESC LIMIT 1
) FROM unnest(%(ids)s::bigint[]) AS wanted (id)
"""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as a list shows them: their tickets in the agent's queues, and when the newest was made."""

    customer: Customer
    open: int
    closed: int
    last: datetime | None

    @property
    def addresses(self) -> list[str]:
        """Theirs, the first one first."""
        return [row.address for row in sorted(self.customer.addresses.all(), key=lambda row: row.pk)]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """The rows of a page, and where its neighbours begin (None: there is none)."""

    rows: list[CustomerRow]
    next: str | None = None
    previous: str | None = None


def page_of_customers(
    which: WhichCustomers, *, actor: Actor, size: int, cursor: str = "", typed: str = ""
) -> CustomerPage:
    """Those whom the agent finds: by the words in their order, else the newest first.

    Whom `typed` names in full, stands above the others on the first page. Five statements at most.
    """
    seen_from = decode_cursor(cursor, key_type="varchar") if cursor else None
    backwards = seen_from is not None and seen_from.direction == "previous"
    newest_first = not which.words
    keys = keys_of(
        which,
        actor=actor,
        limit=size + 1,
        behind=(seen_from.key, seen_from.id) if seen_from else None,
        descending=newest_first != backwards,
    )
    more, keys = len(keys) > size, keys[:size]
    if backwards:
        keys.reverse()
        if not more and len(keys) < size:  # so few come before: it is the first page
            return page_of_customers(which, actor=actor, size=size, typed=typed)
    named = named_in_full(typed) if typed and seen_from is None and which.organisation is None else []
    ids = list(dict.fromkeys([*named, *(customer_id for _word, customer_id in keys)]))
    return CustomerPage(
        rows=_rows(ids, actor=actor),
        next=_neighbour("next", keys[-1:]) if more or backwards else None,
        previous=_neighbour("previous", keys[:1]) if (more if backwards else seen_from is not None) else None,
    )


def _rows(ids: Sequence[int], *, actor: Actor) -> list[CustomerRow]:
    if not ids:
        return []
    queues, opened = sorted(actor.agent_rights.visible), [str(kind) for kind in OPEN_TYPES]
    with connection.cursor() as cursor:
        cursor.execute(
            OF_THEIR_TICKETS, {"ids": list(ids), "queues": queues, "open": opened, "most": COUNT_MOST}
        )
        theirs = {row[0]: row[1:] for row in cursor.fetchall()}
    customers = Customer.objects.select_related("organisation").prefetch_related("addresses").in_bulk(ids)
    return [
        CustomerRow(customers[customer_id], *theirs[customer_id])
        for customer_id in ids
        if customer_id in customers
    ]


def _neighbour(direction: Direction, edge: Sequence[Key]) -> str | None:
    return Cursor(direction, *edge[0]).encode() if edge else None
