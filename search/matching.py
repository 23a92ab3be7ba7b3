"""What is asked of the words of tickets, as a tree of tsqueries, and how it is told to the database.

What is of one column becomes one tsquery, for PostgreSQL reads a row's column anew for each. A tree can be
loosened into what the index alone can tell: that knows of each word which tickets have it, but not where.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

_ONE = "coalesce((SELECT condition FROM search_tickettext x WHERE x.ticket_id = tickets_ticket.id), false)"


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition on a row `x` of `TicketText`, and its values."""

    text: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Words in a column: the tsquery for them.

    `spread`: for a phrase its words, wherever they stand; `loose`: and whatever they weigh.
    """

    column: str
    query: str
    spread: str
    loose: str


@dataclass(frozen=True, slots=True)
class On:
    """An attribute of a ticket; `is_rare`: few tickets have it, which an index finds."""

    condition: Q
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: "Node"


Node = Match | On | All | Any | Without


def joined(kind: type[All] | type[Any], parts: "Sequence[Node | None]") -> Node | None:
    """All that is there of these as one; None of nothing."""
    there = [part for part in parts if part is not None]
    return kind(tuple(there)) if len(there) > 1 else next(iter(there), None)


def is_text(node: Node) -> bool:
    """Whether it asks of words alone."""
    return _asks_only(node, Match)


def is_attribute(node: Node) -> bool:
    """Whether it asks nothing of words."""
    return _asks_only(node, On)


def _asks_only(node: Node, kind: type[Match] | type[On]) -> bool:
    match node:
        case Match() | On():
            return isinstance(node, kind)
        case Without(part):
            return _asks_only(part, kind)
    return all(_asks_only(part, kind) for part in node.parts)


def _changed(node: Node, change: Callable[[Match], Match]) -> Node:
    """With other matches, but for those that must not be there: with fewer of these more would be found."""
    match node:
        case Match():
            return change(node)
        case All(parts) | Any(parts):
            return type(node)(tuple(_changed(part, change) for part in parts))
    return node


def loosened(node: Node) -> Node | None:
    """What the index tells without a look at the rows, of which all that is asked for is a part."""
    match node:
        case Match():
            return replace(node, query=node.loose, spread=node.loose)
        case Without(part):
            return node if loosened(part) == part else None
        case All(parts):
            return joined(All, [loosened(part) for part in parts])
        case Any(parts):
            told = [loosened(part) for part in parts]
            return None if None in told else joined(Any, told)
    return None


def is_anchored(node: Node) -> bool:
    """Whether a word must be there, or a rare attribute: without one an index has nothing to begin with."""
    match node:
        case All(parts):
            return any(map(is_anchored, parts))
        case Any(parts):
            return all(map(is_anchored, parts))
        case On():
            return node.is_rare
    return isinstance(node, Match)


def positive(node: Node) -> list[Match]:
    """The words that a ticket may have, without those that it must not."""
    match node:
        case Match():
            return [node]
        case All(parts) | Any(parts):
            return [match for part in parts for match in positive(part)]
    return []


def _exact(node: Node) -> Sql:
    """What is asked for; in tickets longer than places are counted a phrase by its words."""
    exact, spread = sql(node), sql(_changed(node, lambda match: replace(match, query=match.spread)))
    if spread == exact:
        return exact
    return Sql(f"({exact.text} OR x.is_cut AND {spread.text})", (*exact.values, *spread.values))


def sql(node: Node) -> Sql:
    """As a condition; what is of one column is one tsquery, for each is looked up by itself."""
    if (column := _column(node)) is not None:
        return Sql(f"x.{column} @@ %s::tsquery", (_tsquery(node),))
    if isinstance(node, Without):
        without = sql(node.part)
        return Sql(f"NOT ({without.text})", without.values)
    if not isinstance(node, All | Any):
        raise TypeError(node)  # what is on tickets has no words
    by_column: dict[str | None, list[Node]] = {}
    for part in node.parts:
        by_column.setdefault(_column(part), []).append(part)
    pieces = [sql(part) for part in by_column.pop(None, [])]
    pieces += [sql(one[0] if len(one) == 1 else type(node)(tuple(one))) for one in by_column.values()]
    sign = " AND " if isinstance(node, All) else " OR "
    return Sql(
        f"({sign.join(piece.text for piece in pieces)})",
        tuple(value for piece in pieces for value in piece.values),
    )


def _column(node: Node) -> str | None:
    """The column that all of it is in, if there is only one."""
    match node:
        case Match(column):
            return column
        case Without(part):
            return _column(part)
        case All(parts) | Any(parts):
            columns = set(map(_column, parts))
            return columns.pop() if len(columns) == 1 else None
    return None


def _tsquery(node: Node) -> str:
    match node:
        case Match():
            return f"({node.query})"
        case Without(part):
            return f"!{_tsquery(part)}"
        case All(parts):
            return f"({' & '.join(map(_tsquery, parts))})"
        case Any(parts):
            return f"({' | '.join(map(_tsquery, parts))})"
    raise TypeError(node)


def on_tickets(node: Node) -> Q:
    """As a condition on tickets, of which each is asked for its words by itself."""
    if is_text(node):
        return Q(_matches(_exact(node)))
    match node:
        case On(condition):
            return condition
        case Without(part):
            return ~on_tickets(part)
        case All(parts):
            return reduce(and_, map(on_tickets, parts))
        case Any(parts):
            return reduce(or_, map(on_tickets, parts))
    raise TypeError(node)


def _matches(condition: Sql) -> RawSQL:
    """Whether a ticket's words are so; no plan can look for that anywhere but in the row of each."""
    one = _ONE.replace("condition", condition.text)
    return RawSQL(one, condition.values, output_field=BooleanField())  # noqa: S611  (only our own constants)
