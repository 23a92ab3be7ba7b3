"""Pages of tickets for the overviews, by key: a page costs the rows it shows, however old the archive is.

The ids of a page come from one raw query that takes the first rows of each queue by its index (LATERAL) and
merges them, or, where there is no such index, sorts what is open; the rows are read by those ids.
There is no OFFSET: a page begins behind a key, that of the last row of the page before.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tickets.actor import Actor
from tickets.queries.listed import Listed, listed

Direction = Literal["next", "previous"]

SIZE_MOST = 200
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?[+-][0-9:]{2,8}")
FIRST, LAST = "first", "last"


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort a list: its SQL expression, the SQL type of its key, and which end comes first.

    `by_queue`: an index gives the rows of each queue in this order; without one all rows are sorted, which
    only open tickets are few enough for.
    """

    expression: str
    type: str
    descending: bool = False
    join: str = ""
    by_queue: bool = False

    def reversed(self) -> "Order":
        """The same column from the other end."""
        return replace(self, descending=not self.descending)


ACCENTS = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ", "aaaaaaceeeeiiiinoooooouuuuyy"


def _words(expression: str) -> str:
    """Text as people look for it in a list: without case, é beside e, and nothing before everything.

    Most texts are ASCII, and spared the accents, which take longer than all the rest.
    """
    text = f"coalesce({expression}, '')"
    return f"""CASE WHEN octet_length({text}) = length({text}) THEN lower({text})
        ELSE translate(lower({text}), '{ACCENTS[0]}', '{ACCENTS[1]}') END"""


OPEN_ORDERS = {
    "number": Order("t.number", "text"),
    "age": Order("t.created", "timestamptz", by_queue=True),
    "sender": Order(_words("t.sender_name"), "text"),
    "title": Order(_words("t.title"), "text"),
    "state": Order("t.state_id", "bigint"),
    "lock": Order("t.locked", "boolean", descending=True),
    "queue": Order(_words("q.name"), "text", join="JOIN queues_queue q ON q.id = t.queue_id"),
    "owner": Order(
        _words("nullif(trim(a.first_name || ' ' || a.last_name), ''), a.username"),
        "text",
        join="LEFT JOIN accounts_agent a ON a.id = t.owner_id",
    ),
    "customer": Order(
        _words("nullif(c.code, ''), trim(c.first_name || ' ' || c.last_name)"),
        "text",
        join="LEFT JOIN accounts_customer c ON c.id = t.customer_id",
    ),
    "priority": Order("t.priority", "integer", descending=True),
}
CLOSED_ORDERS = {
    "closed": Order("t.closed_at", "timestamptz", descending=True, by_queue=True),
    "created": Order("t.created", "timestamptz", descending=True, by_queue=True),
    "number": Order("t.number", "text", descending=True, by_queue=True),
}

Values = dict[str, str | int | float | datetime | list[int] | None]

OPEN = "t.state_type IN ('new', 'open', 'pending_reminder', 'pending_auto')"
CLOSED = "t.closed_at IS NOT NULL"


FROM_EACH_QUEUE = """
SELECT page.id, page.key::text FROM unnest(%(queues)s::bigint[]) AS wanted (queue_id)
CROSS JOIN LATERAL (
    SELECT t.id, {key} AS key FROM tickets_ticket t {join}
    WHERE t.queue_id = wanted.queue_id AND {conditions}
    ORDER BY {key} {way}, t.id {way} LIMIT %(limit)s
) AS page
ORDER BY page.key {way}, page.id {way} LIMIT %(limit)s
"""
FROM_ALL_QUEUES = """
SELECT page.id, page.key::text FROM (
    SELECT t.id, {key} AS key FROM tickets_ticket t {join}
    WHERE t.queue_id = ANY(%(queues)s) AND {conditions}
) AS page
ORDER BY page.key {way}, page.id {way} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind the row with this key, or before it."""

    direction: Direction
    key: str
    id: int

    def encode(self) -> str:
        """As a part of an address."""
        text = json.dumps([self.direction, self.key, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The rows of a page, and where its neighbours begin (None: there is none)."""

    rows: list[Listed]
    next: str | None = None
    previous: str | None = None


def decode_cursor(text: str) -> Cursor | None:
    """A cursor from an address; what is not one gives None, which is the first page."""
    try:
        padded = text + "=" * (-len(text) % 4)
        direction, key, row_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, TypeError, binascii.Error):
        return None
    if direction not in ("next", "previous") or not isinstance(key, str) or type(row_id) is not int:
        return None
    return Cursor(direction, key[:400].replace("\x00", ""), row_id) if 0 <= row_id < 2**63 else None


def open_page(
    *,
    actor: Actor,
    queue_ids: Sequence[int],
    only_available: bool = False,
    mine: Literal["", "locked", "owned"] = "",
    customer_id: int | None = None,
    sort: str = "age",
    descending: bool | None = None,
    size: int,
    cursor: str = "",
) -> TicketPage:
    """A page of open tickets of these queues, as far as the agent may see them."""
    conditions = [OPEN]
    values: Values = {}
    if only_available:
        conditions.append("NOT t.locked")
    if mine:
        conditions.append("t.owner_id = %(agent)s" + (" AND t.locked" if mine == "locked" else ""))
        values["agent"] = actor.agent_rights.agent_id
    if customer_id is not None:
        conditions.append("t.customer_id = %(customer)s")
        values["customer"] = customer_id
    wanted = _List(
        actor=actor,
        queue_ids=queue_ids,
        conditions=conditions,
        values=values,
        order=_order(OPEN_ORDERS, sort, default="age", descending=descending),
        size=size,
        sorted_anyway=bool(mine) or customer_id is not None,
    )
    return _page(wanted, cursor=cursor)


def closed_page(
    *,
    actor: Actor,
    queue_ids: Sequence[int],
    customer_id: int | None = None,
    sort: str = "closed",
    descending: bool | None = None,
    size: int,
    cursor: str = "",
    until: datetime | None = None,
) -> TicketPage:
    """A page of the archive, newest first; `until` jumps to what was closed before it, or made, if the list
    is sorted by when it was made or by number, which begins with that day."""
    order = _order(CLOSED_ORDERS, sort, default="closed", descending=descending)
    conditions: list[str] = [CLOSED]
    values: Values = {}
    if until is not None:
        conditions.append(f"{order.expression} < %(until)s")
        values["until"] = until if order.type == "timestamptz" else f"{timezone.localtime(until):%Y%m%d}"
    if customer_id is not None:
        conditions.append("t.customer_id = %(customer)s")
        values["customer"] = customer_id
    wanted = _List(
        actor=actor,
        queue_ids=queue_ids,
        conditions=conditions,
        values=values,
        order=order,
        size=size,
        sorted_anyway=customer_id is not None and sort != "closed",
    )
    return _page(wanted, cursor=cursor)


def _order(orders: dict[str, Order], sort: str, *, default: str, descending: bool | None) -> Order:
    order = orders.get(sort, orders[default])
    return order if descending is None or descending == order.descending else order.reversed()


@dataclass(frozen=True, slots=True)
class _List:
    """Which tickets, in which order, for whom, and how many on a page.

    `sorted_anyway`: the conditions choose few tickets by an index of their own.
    """

    actor: Actor
    queue_ids: Sequence[int]
    conditions: list[str]
    values: Values
    order: Order
    size: int
    sorted_anyway: bool = False


def _page(wanted: _List, *, cursor: str) -> TicketPage:
    seen_from = decode_cursor(cursor) if cursor else None
    if seen_from is not None and not _is_key(seen_from.key, wanted.order.type):
        seen_from = None
    size = max(1, min(wanted.size, SIZE_MOST))
    from_the_end = cursor == LAST
    backwards = from_the_end or (seen_from is not None and seen_from.direction == "previous")
    found = _ids(wanted, backwards=backwards, behind=seen_from, limit=size + 1)
    more, found = len(found) > size, found[:size]
    if seen_from is not None and (instead := _instead(seen_from, found=len(found), more=more, size=size)):
        return _page(wanted, cursor=instead)
    if backwards:
        found.reverse()
    return TicketPage(
        rows=listed(actor=wanted.actor, ids=[row_id for row_id, _key in found]),
        next=_neighbour("next", found[-1:]) if not from_the_end and (more or backwards) else None,
        previous=_neighbour("previous", found[:1])
        if (more if backwards else seen_from is not None)
        else None,
    )


def _instead(seen_from: Cursor, *, found: int, more: bool, size: int) -> str | None:
    """The page to show where that of the cursor is gone because tickets left the list meanwhile.

    Nothing comes next any more: the last page, never an empty one that looks like an answered queue. Fewer
    come before than fill a page: the first one.
    """
    if seen_from.direction == "next":
        return None if found else LAST
    return FIRST if not more and found < size else None


def _ids(wanted: _List, *, backwards: bool, behind: Cursor | None, limit: int) -> list[tuple[int, str]]:
    """Ids and keys of the rows of a page; what is put into the statements are constants of this file."""
    order = wanted.order.reversed() if backwards else wanted.order
    way, sign = ("DESC", "<") if order.descending else ("ASC", ">")
    conditions = wanted.conditions
    queues = sorted(wanted.actor.agent_rights.visible.intersection(wanted.queue_ids))
    parameters: Values = wanted.values | {"queues": queues, "limit": limit}
    if behind is not None:
        conditions = [*conditions, f"({order.expression}, t.id) {sign} (%(key)s::{order.type}, %(id)s)"]
        parameters |= {"key": behind.key, "id": behind.id}
    shape = FROM_EACH_QUEUE if order.by_queue and not wanted.sorted_anyway else FROM_ALL_QUEUES
    statement = shape.format(
        key=order.expression, join=order.join, conditions=" AND ".join(conditions), way=way
    )
    with connection.cursor() as database:
        database.execute(statement, parameters)
        return [(int(row_id), str(key)) for row_id, key in database.fetchall()]


def _neighbour(direction: Direction, edge: list[tuple[int, str]]) -> str | None:
    return Cursor(direction, edge[0][1], edge[0][0]).encode() if edge else None


def _is_key(key: str, sql_type: str) -> bool:
    """Whether a key from an address is one of this type, so that PostgreSQL won't refuse it."""
    match sql_type:
        case "timestamptz":
            try:
                return bool(MOMENT.fullmatch(key)) and parse_datetime(key) is not None
            except ValueError:
                return False
        case "bigint" | "integer":
            return key.isascii() and key.isdigit() and len(key) < 10
        case "boolean":
            return key in ("true", "false")
    return not any("\ud800" <= sign <= "\udfff" for sign in key)  # a half that UTF-8 has no bytes for
