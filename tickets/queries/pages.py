"""Pages of tickets for the lists, by key: a page costs the rows it shows, however old the archive is.

The ids of a page come from one raw query that takes the first rows of each queue by its index (LATERAL) and
merges them, or, where there is no such index, sorts what there is; the rows are read by those ids.
There is no OFFSET: a page begins behind a key, that of the last row of the page before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from tickets.actor import Actor
from tickets.queries.cursor import Cursor, Direction, decode_cursor
from tickets.queries.listed import Listed, listed
from tickets.queries.orders import Order
from tickets.queries.which import Value, Which

SIZE_MOST = 200
FIRST, LAST = "first", "last"

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


KEY_OF_ONE = "SELECT ({key})::text FROM tickets_ticket t {join} WHERE t.id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a list is to be shown: sorted by what and which way, how many on a page, and where it begins.

    A `sort` that the list does not have is its usual one, and no way is that order's own. `until` jumps to
    what was closed before it, or made, if the list is sorted by when it was made or by number, which begins
    with that day.
    """

    size: int
    sort: str = ""
    descending: bool | None = None
    cursor: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The rows of a page, and where its neighbours begin (None: there is none)."""

    rows: list[Listed]
    next: str | None = None
    previous: str | None = None


def page_of(which: Which, *, actor: Actor, queues: Iterable[int], wish: Wish) -> TicketPage:
    """A page of these tickets in these queues, as far as the agent may see them."""
    size = max(1, min(wish.size, SIZE_MOST))
    return _page(
        _sorted(which, actor=actor, queues=queues, wish=wish), actor=actor, size=size, cursor=wish.cursor
    )


def ids_of(which: Which, *, actor: Actor, queues: Iterable[int], wish: Wish) -> list[int]:
    """The ids of the first of these tickets, where the rows of several lists are read together."""
    tickets = _sorted(which, actor=actor, queues=queues, wish=wish)
    return [row_id for row_id, _key in _ids(tickets, backwards=False, behind=None, limit=wish.size)]


def cursor_behind(ticket_id: int, *, which: Which, wish: Wish) -> str:
    """Where what comes behind this ticket begins, whether it is one of them or not."""
    order = _order(which, wish=wish)[1]
    statement = KEY_OF_ONE.format(key=order.expression, join=order.join)
    with connection.cursor() as database:
        database.execute(statement, [ticket_id])
        row = database.fetchone()
    return Cursor("next", str(row[0]), ticket_id).encode() if row else ""


def ticket_behind(which: Which, *, actor: Actor, queues: Iterable[int], wish: Wish) -> Listed | None:
    """The first of these tickets behind the wish's cursor, if there is one that the agent may see."""
    tickets = _sorted(which, actor=actor, queues=queues, wish=wish)
    behind = decode_cursor(wish.cursor, key_type=tickets.order.type)
    keys = _ids(tickets, backwards=False, behind=behind, limit=1) if behind else []
    return next(iter(listed(actor=actor, ids=[row_id for row_id, _key in keys])), None)


def _order(which: Which, *, wish: Wish) -> tuple[str, Order]:
    sort = wish.sort if wish.sort in which.orders else next(iter(which.orders))
    order = which.orders[sort]
    return sort, order if wish.descending in (None, order.descending) else order.reversed()


def _sorted(which: Which, *, actor: Actor, queues: Iterable[int], wish: Wish) -> "_Sorted":
    sort, order = _order(which, wish=wish)
    return _Sorted(
        which=which if wish.until is None else _before(wish.until, which=which, order=order),
        order=order,
        by_index=sort in which.by_index,
        queues=sorted(actor.agent_rights.visible.intersection(queues)),
    )


def _before(until: datetime, *, which: Which, order: Order) -> Which:
    """The tickets with a key before that moment, which the index has that has them all in this order."""
    key = until if order.type == "timestamptz" else f"{timezone.localtime(until):%Y%m%d}"
    return which & Which(f"{order.expression} < %(until)s", {"until": key}, by_index=which.by_index)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Tickets of some queues in one order; `by_index`: an index gives those of each queue in it."""

    which: Which
    order: Order
    by_index: bool
    queues: list[int]


def _page(tickets: _Sorted, *, actor: Actor, size: int, cursor: str) -> TicketPage:
    seen_from = decode_cursor(cursor, key_type=tickets.order.type) if cursor else None
    from_the_end = cursor == LAST
    backwards = from_the_end or (seen_from is not None and seen_from.direction == "previous")
    keys = _ids(tickets, backwards=backwards, behind=seen_from, limit=size + 1)
    more, keys = len(keys) > size, keys[:size]
    if seen_from is not None and (instead := _instead(seen_from, rows=len(keys), more=more, size=size)):
        return _page(tickets, actor=actor, size=size, cursor=instead)
    if backwards:
        keys.reverse()
    return TicketPage(
        rows=listed(actor=actor, ids=[row_id for row_id, _key in keys]),
        next=_neighbour("next", keys[-1:]) if not from_the_end and (more or backwards) else None,
        previous=_neighbour("previous", keys[:1]) if (more if backwards else seen_from is not None) else None,
    )


def _instead(seen_from: Cursor, *, rows: int, more: bool, size: int) -> str | None:
    """The page to show where that of the cursor is gone because tickets left the list meanwhile.

    Nothing comes next any more: the last page, never an empty one that looks like an answered queue. Fewer
    come before than fill a page: the first one.
    """
    if seen_from.direction == "next":
        return None if rows else LAST
    return FIRST if not more and rows < size else None


def _ids(tickets: _Sorted, *, backwards: bool, behind: Cursor | None, limit: int) -> list[tuple[int, str]]:
    """Ids and keys of the rows of a page; what is put into the statements are constants of these files."""
    order = tickets.order.reversed() if backwards else tickets.order
    way, sign = ("DESC", "<") if order.descending else ("ASC", ">")
    conditions = f"({tickets.which.where})"
    parameters: dict[str, Value] = {**tickets.which.values, "queues": tickets.queues, "limit": limit}
    if behind is not None:
        conditions += f" AND ({order.expression}, t.id) {sign} (%(key)s::{order.type}, %(id)s)"
        parameters |= {"key": behind.key, "id": behind.id}
    shape = FROM_EACH_QUEUE if tickets.by_index else FROM_ALL_QUEUES
    statement = shape.format(key=order.expression, join=order.join, conditions=conditions, way=way)
    with connection.cursor() as database:
        database.execute(statement, parameters)
        return [(int(row_id), str(key)) for row_id, key in database.fetchall()]


def _neighbour(direction: Direction, edge: list[tuple[int, str]]) -> str | None:
    return Cursor(direction, edge[0][1], edge[0][0]).encode() if edge else None
