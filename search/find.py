"""Finding tickets by what was asked: pages of ids, newest or oldest first, as far as the agent may see them.

Two steps, told here for newest first; the other way (`search/order.py`) they are the same. The newest
tickets of the agent's queues are asked one by one, 250 of them, and 2,000 if some of those are found, which
fills the page of whatever is said often. What is still missing comes from the index: all its hits, in order,
each looked up by its key whether the agent may see it. The index does not know the order of words in a
phrase, nor the part of a ticket that a word stands in, so that such hits are looked at one by one, newest
first, until the page is full or a second has passed; then the page says how far back it looked, and goes on
from there if that is wished.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Final, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from search.asking import Query
from search.hints import Hint, Remark
from search.in_time import OutOfTime, at_most
from search.language import Asked
from search.models import TicketText
from search.order import FROM_NEWEST, Direction, Start
from tickets.actor import Actor
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet

FIRST_LOOKED_AT, NEWEST_LOOKED_AT = 250, 2_000
SELDOM: Final = 4
"""Fewer than so many of the first: the rest of the newest would not fill a page either."""
NEWEST_PASSED: Final = 20_000
SECONDS: Final = 1.0
RANKED_MOST: Final = 1_000
SIZE_MOST: Final = 200
PORTION: Final = 250
OFTEN: Final = 0.25
WORDS_SHARE, ATTRIBUTES_SHARE, LAST_SHARE = 0.5, 2.0, 0.25
"""How much of its time finding may take by words where attributes are asked for, too; by those; at last."""

# Behind which ticket a page begins, or behind how many of the best.
_PLACE = re.compile(r"(?P<behind>[0-9]{1,18})|best(?P<best>[0-9]{1,4})", re.ASCII)
_HITS = """WITH hits AS MATERIALIZED (
    SELECT x.ticket_id AS id FROM search_tickettext x WHERE ({condition}) AND x.ticket_id {sign} %s
)
SELECT asked.* FROM (SELECT id FROM hits ORDER BY id {order}) AS hit CROSS JOIN LATERAL ({statement}) AS asked
ORDER BY hit.id {order} LIMIT {limit}
"""
# In the order of the index that finds a number by its beginning.
_NUMBERED = """
SELECT id FROM tickets_ticket WHERE number LIKE %s ORDER BY number USING ~>~ LIMIT 1000
"""
_BEST = """
SELECT x.ticket_id FROM unnest(%s::bigint[]) AS found (id) JOIN search_tickettext x ON x.ticket_id = found.id
ORDER BY ts_rank(x.everything, %s::tsquery, 1) DESC, x.ticket_id DESC OFFSET %s LIMIT %s
"""


class Sort(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """The tickets that are asked for: by their words and all that the text says, among some or all.

    `among`: further conditions, as a form's; it must have each ticket once.
    """

    query: Query
    actor: Actor
    among: TicketQuerySet | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for, or nothing may be seen."""
        return (self.query.asks_nothing and self.among is None) or not self.actor.agent_rights.visible

    def tickets(self, start: Start) -> TicketQuerySet:
        """Those from there on which fulfil all but what is asked of their words, in order."""
        tickets = self.among if self.among is not None else Ticket.objects.all()
        return start.of(tickets.visible_to(self.actor.agent_rights).filter(self.query.conditions))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page of ids in order. `next`: where the next one begins, as a part of an address; None on the last.

    `looked_to`: time was up, and nothing behind what was made then was looked at; `sort`: what comes first,
    the newest where the best were asked for and it was not possible.
    """

    ids: list[int]
    next: str | None = None
    looked_to: datetime | None = None
    sort: Sort = Sort.NEWEST
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """Ids in order; `stopped_at`: which was looked at last when time was up, and when it was made."""

    ids: list[int]
    stopped_at: tuple[int, datetime] | None = None


class _Way(Protocol):
    """A way of finding the first of them from there on."""

    def __call__(self, which: Which, /, *, start: Start, limit: int, until: float) -> Hits: ...


def find(which: Which, *, size: int, begin: str = "", sort: Sort = Sort.NEWEST) -> FoundPage:
    """A page of them, from where the page before says; from the first where that is nonsense.

    Statements: none if nothing is asked for, three without words; five where the first of the newest fill
    the page or there are no others, four from the second page on; two more for the others of the newest; else
    five more, and one for each portion that was looked at; one for the order of the best, and one if a phrase
    was asked for. Where the oldest come first, one more if there are fewer than were to be looked at.
    """
    size, given = max(1, min(size, SIZE_MOST)), Sort.OLDEST if sort is Sort.OLDEST else Sort.NEWEST
    if which.is_nothing:
        return FoundPage(ids=[], sort=given, remarks=which.query.remarks)
    place = _PLACE.fullmatch(begin)
    behind = int(place["behind"]) if place and place["behind"] else None
    if sort is Sort.BEST and behind is None:
        best = _best(which, size=size, begin=int(place["best"]) if place else 0)
        if best is not None:
            return best
    way = Direction.OLDEST_FIRST if given is Sort.OLDEST else Direction.NEWEST_FIRST
    hits = hits_of(which, start=Start(behind, way), limit=size + 1, seconds=SECONDS)
    page = FoundPage(ids=hits.ids[:size], sort=given, remarks=_remarks(which.query, hits.ids[:size]))
    if len(hits.ids) > size:
        return replace(page, next=str(page.ids[-1]))
    if hits.stopped_at is None:
        return page
    last, created = hits.stopped_at
    return replace(page, next=str(last), looked_to=created)


def straight_to(asked: Asked, *, actor: Actor) -> str | None:
    """The number of the one ticket that it names, or whose beginning it is; at most two statements."""
    visible = Ticket.objects.visible_to(actor.agent_rights)
    if not asked.number:
        return None
    if visible.filter(number=asked.number).exists():
        return asked.number
    if not asked.number_alone:
        return None
    begins = visible.filter(number__startswith=asked.number).values_list("number", flat=True)[:2]
    return begins[0] if len(begins) == 1 else None


def with_number(begins: str, *, actor: Actor, limit: int) -> list[int]:
    """The tickets whose number begins with these digits, the newest first: of the last 1,000 that there are.

    One statement. Left to itself, the planner may go through all tickets from the newest on.
    """
    last = RawSQL(_NUMBERED, (f"{begins}%",))  # noqa: S611  (only our own constants)
    tickets = Ticket.objects.visible_to(actor.agent_rights).filter(pk__in=last)
    return _ids(tickets.order_by("-pk"), limit=limit)


def newest_of(which: Which, *, limit: int, seconds: float) -> list[int]:
    """Those of them that are among the newest, as far as time allows: for what is asked at each key.

    No statement if nothing is asked for; three, and one for each portion that was looked at.
    """
    if which.is_nothing:
        return []
    until, start = time.monotonic() + seconds, FROM_NEWEST
    tickets, edge = which.tickets(start), _edge(which, start, number=NEWEST_LOOKED_AT)
    newest = tickets.filter(start.up_to(edge))
    if which.query.exact is None:
        return _ids(newest, limit=limit)
    by_itself = replace(which.query, hits=None)
    return _one_by_one(by_itself, which.query.exact, newest, start=start, limit=limit, until=until).ids


def hits_of(which: Which, *, limit: int, seconds: float, start: Start = FROM_NEWEST) -> Hits:
    """The first of them from there on, as many as are wanted or that time allows.

    Tried the way that is fast for nearly all, and then, where attributes are asked for, from those on, which
    is fast where hardly any ticket has them. Each try has its share of the seconds; two statements more each.
    What is rare, and in no index, is looked for in one ticket after the other in the end, a while longer.
    """
    for way, share in _ways(which):
        until = time.monotonic() + seconds * share
        with suppress(OutOfTime), at_most(seconds * share):
            return way(which, start=start, limit=limit, until=until)
    return _each(which, start=start, limit=limit, until=time.monotonic() + seconds * LAST_SHARE)


def _ways(which: Which) -> tuple[tuple[_Way, float], ...]:
    """How tickets can be found, and what share of the time each is worth."""
    exact = which.query.exact
    if exact is None:
        return ((_by_attributes, ATTRIBUTES_SHARE),)
    by_words = partial(_by_words, exact=exact)
    if which.among is None and not which.query.conditions:
        return ((by_words, 1.0),)
    return ((by_words, WORDS_SHARE), (_by_attributes, ATTRIBUTES_SHARE))


def _by_attributes(which: Which, *, start: Start, limit: int, until: float) -> Hits:
    """As the indexes of the tables, or their statistics, lead there."""
    tickets, exact = which.tickets(start), which.query.exact
    return Hits(_ids(tickets if exact is None else tickets.filter(exact), limit=limit))


def _each(which: Which, *, start: Start, limit: int, until: float) -> Hits:
    """One ticket after the other, whoever's it is, each asked all at once."""
    tickets, exact = which.tickets(FROM_NEWEST), which.query.exact
    asked = (tickets if exact is None else tickets.filter(exact)).filter(pk=OuterRef("pk")).order_by()
    # By EXISTS the planner may look for all that are asked for first, which is what takes too long.
    is_asked_for = Coalesce(
        Subquery(asked.annotate(yes=Value(value=True)).values("yes")[:1]), Value(value=False)
    )
    query, everyone = replace(which.query, hits=None), start.of(Ticket.objects.all())
    return _one_by_one(query, is_asked_for, everyone, start=start, limit=limit, until=until)


def _by_words(which: Which, *, exact: Q, start: Start, limit: int, until: float) -> Hits:
    """The newest, or oldest, first; then by the index of words."""
    tickets, query = which.tickets(start), which.query
    if query.are_few:
        query = replace(query, hits=None)
        return _one_by_one(query, exact, tickets, start=start, limit=limit, until=until)
    ids, edge, is_often = _among_first(which, exact, start=start, limit=limit)
    if edge is None or len(ids) == limit:
        return Hits(ids)
    if is_often:  # reading all that an index has of it would take longer
        query = replace(query, hits=None, hits_are_all=False)
    rest = start.moved(edge)
    if query.hits_are_all:
        return Hits(ids + _by_index(query, tickets, start=rest, limit=limit - len(ids)))
    others = rest.of(tickets)
    more = _one_by_one(query, exact, others, start=rest, limit=limit - len(ids), until=until)
    return replace(more, ids=ids + more.ids)


def _among_first(which: Which, exact: Q, *, start: Start, limit: int) -> tuple[list[int], int | None, bool]:
    """Those among the newest, or oldest, which was the last of these, and whether it is said often.

    Of what the first few hardly say no more are asked: an index is faster. None if there are no others.
    """
    first = min(FIRST_LOOKED_AT, NEWEST_LOOKED_AT)
    ids: list[int] = []
    edge, looked_at = start.behind, 0
    for number in (first, NEWEST_LOOKED_AT - first):
        here = start.moved(edge)
        tickets, edge = which.tickets(here), _edge(which, here, number=number)
        ids += _ids(tickets.filter(here.up_to(edge)).filter(exact), limit=limit - len(ids))
        looked_at += number
        if edge is None or not SELDOM <= len(ids) < limit or looked_at == NEWEST_LOOKED_AT:
            break
    return ids, edge, len(ids) > OFTEN * looked_at


def _ids(tickets: TicketQuerySet, *, limit: int) -> list[int]:
    return list(tickets.values_list("pk", flat=True)[:limit])


def _edge(which: Which, start: Start, *, number: int) -> int | None:
    """The last of so many from there on; None if there are no others.

    Who sees few tickets has few of them among the first of all, which are not gone through for long.
    """
    start, furthest = start.passed(NEWEST_PASSED)
    visible = Ticket.objects.visible_to(which.actor.agent_rights).filter(start.up_to(furthest))
    last = start.of(visible).values_list("pk", flat=True)[number - 1 : number].first()
    if last is not None:
        return last
    return furthest if start.moved(furthest).has_others() else None


def _by_index(query: Query, tickets: TicketQuerySet, *, start: Start, limit: int) -> list[int]:
    with _as_planned() as cursor:
        if not _execute(cursor, query, tickets.values_list("pk"), start=start, limit=limit):
            return []
        return [int(ticket) for (ticket,) in cursor.fetchall()]


def _one_by_one(
    query: Query,
    exact: Q | Coalesce,
    tickets: TicketQuerySet,
    *,
    start: Start,
    limit: int,
    until: float,
) -> Hits:
    """Of tickets that may be asked for those that are, looked at in portions until there are enough."""
    asked = tickets.annotate(is_asked_for=exact).values_list("pk", "is_asked_for", "created")
    ids: list[int] = []
    with _as_planned() as cursor:
        if not _execute(cursor, query, asked, start=start, begin="DECLARE looked_at NO SCROLL CURSOR FOR "):
            return Hits(ids)
        while True:
            cursor.execute(f"FETCH {PORTION} FROM looked_at")
            portion = cursor.fetchall()
            ids += [int(ticket) for ticket, is_asked_for, _created in portion if is_asked_for]
            is_through = len(portion) < PORTION or len(ids) >= limit
            if is_through or time.monotonic() > until:
                break
        cursor.execute("CLOSE looked_at")
    if is_through:
        return Hits(ids[:limit])
    last, _is_asked_for, created = portion[-1]
    return Hits(ids, (int(last), created))


def _execute(
    cursor: CursorWrapper,
    query: Query,
    asked: "QuerySet[Ticket, Any]",
    *,
    start: Start,
    limit: int | None = None,
    begin: str = "",
) -> bool:
    """Ask for tickets among the hits of an index, in order; False if no ticket can be what is asked for.

    Each hit is looked up by its key, and no plan can do it otherwise. A join would be planned by how many
    hits there may be, which nobody knows of a rare word: for 20 of them it goes through all tickets.
    """
    try:
        if query.hits is None or start.behind is None:
            statement, values = asked.query.sql_with_params()
        else:
            hit = asked.filter(pk=RawSQL("hit.id", ())).order_by()[:1]
            one, values = hit.query.sql_with_params()
            statement = _HITS.format(
                condition=query.hits.text,
                statement=one,
                limit=limit or "ALL",
                sign=start.sign,
                order=start.order,
            )
            values = (*query.hits.values, start.behind, *values)
    except EmptyResultSet:
        return False
    cursor.execute(f"{begin}{statement}", values)
    return True


@contextmanager
def _as_planned() -> Iterator[CursorWrapper]:
    """A transaction in which hits come from their index, which the planner takes for dearer than it is.

    And in which the first portion of many comes soon, before the others are joined.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL cursor_tuple_fraction = 0.001")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL cursor_tuple_fraction TO DEFAULT")


def _best(which: Which, *, size: int, begin: int) -> FoundPage | None:
    """The page behind the first `begin` of the best; None where they are too many, or nothing is better."""
    hits = hits_of(which, limit=RANKED_MOST + 1, seconds=SECONDS) if which.query.any_word else None
    if hits is None or len(hits.ids) > RANKED_MOST or hits.stopped_at is not None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_BEST, [hits.ids, which.query.any_word, begin, size])
        ids = [int(ticket) for (ticket,) in cursor.fetchall()]
    end = begin + size
    return FoundPage(
        ids=ids,
        next=f"best{end}" if end < len(hits.ids) else None,
        sort=Sort.BEST,
        remarks=_remarks(which.query, ids),
    )


def _remarks(query: Query, ids: list[int]) -> tuple[Remark, ...]:
    """What is to be said of a page: also if a phrase of it may not be one."""
    if not ids or not query.by_words or not TicketText.objects.filter(pk__in=ids, is_cut=True).exists():
        return query.remarks
    return (*query.remarks, Remark(Hint.BY_WORDS, ""))
