"""Pages of customers, by key, each with what an agent sees of their tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tickets.actor import Actor
from tickets.models import OPEN_TYPES
from tickets.queries.counted import COUNT_MOST
from tickets.queries.cursor import Cursor, Direction, decode_cursor
from tickets.queries.customer_keys import Key, WhichCustomers, keys_of
from tickets.queries.customers import named_in_full

ADDRESSES_SHOWN = 3

OF_THEM = """
SELECT customer.id, customer.first_name, customer.last_name, customer.code, organisation.name, ARRAY(
    SELECT address FROM accounts_customeraddress WHERE customer_id = customer.id
    ORDER BY id LIMIT %(addresses)s
), (SELECT count(*) FROM (
    SELECT FROM tickets_ticket WHERE customer_id = customer.id
    AND queue_id = ANY(%(queues)s) AND state_type = ANY(%(open)s) LIMIT %(most)s
) AS open), (SELECT count(*) FROM (
    SELECT FROM tickets_ticket WHERE customer_id = customer.id
    AND queue_id = ANY(%(queues)s) AND closed_at IS NOT NULL LIMIT %(most)s
) AS closed), (
    SELECT created FROM tickets_ticket WHERE customer_id = customer.id
    AND queue_id = ANY(%(queues)s) ORDER BY id DESC LIMIT 1
) FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN accounts_customer AS customer ON customer.id = wanted.id
LEFT JOIN accounts_organisation AS organisation ON organisation.id = customer.organisation_id
ORDER BY wanted.place
"""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as a list shows them: plain values, as making models of 50 takes longer than asking.

    The first of their addresses; how many tickets of theirs are in the agent's queues, and when the newest
    was made.
    """

    pk: int
    first_name: str
    last_name: str
    code: str
    organisation: str | None
    addresses: list[str]
    open: int
    closed: int
    last: datetime | None

    @property
    def name(self) -> str:
        """First and last name, else their code."""
        return f"{self.first_name} {self.last_name}".strip() or self.code


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

    Whom `typed` names in full, stands above the others on the first page. Four statements at most.
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
    with connection.cursor() as cursor:
        cursor.execute(
            OF_THEM,
            {
                "ids": list(ids),
                "queues": sorted(actor.agent_rights.visible),
                "open": [str(kind) for kind in OPEN_TYPES],
                "most": COUNT_MOST,
                "addresses": ADDRESSES_SHOWN,
            },
        )
        return [CustomerRow(*row) for row in cursor.fetchall()]


def _neighbour(direction: Direction, edge: Sequence[Key]) -> str | None:
    return Cursor(direction, *edge[0]).encode() if edge else None
