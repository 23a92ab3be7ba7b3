"""What the address of a search asks: the query string is the search, whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from search.asking import query_of
from search.filters import NO_AGENT, TicketFilter
from search.find import Sort, Which
from search.offered import ME, NOBODY
from tickets.actor import Actor

TYPED, SORT, BEGIN = "q", "sort", "begin"
BEGIN_MOST = 30

Pairs = tuple[tuple[str, str], ...]


class Facet(StrEnum):
    """What found tickets are counted by, and can be narrowed down to."""

    STATE = "states"
    QUEUE = "queues"
    YEAR = "years"
    OWNER = "owners"


NAMES: Final[Mapping[Facet, tuple[str, ...]]] = {
    Facet.STATE: ("state",),
    Facet.QUEUE: ("queue", "sub_queues"),
    Facet.YEAR: ("created_after", "created_before"),
    Facet.OWNER: ("owner",),
}
"""By which names an address narrows a search down to one: those of the attributes of a search. A year is
from its first day to its last."""

Key = int | None
"""What tickets are counted by: the id of a state, queue or owner, None of nobody; a year."""


class Token(NamedTuple):
    """What is asked of an attribute, in words, and the address of the search without it."""

    label: str
    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search as its address asks for it.

    `pairs`: the address without the place in the results; `begin` is that, '' at the top.
    """

    filters: TicketFilter
    which: Which
    sort: Sort
    begin: str
    pairs: Pairs

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.filters.typed

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for."""
        return self.which.query.asks_nothing and self.which.among is None

    @property
    def is_words_alone(self) -> bool:
        """Whether what was typed is all that the address says."""
        return self.pairs == ((TYPED, self.typed),) and not self.begin

    @property
    def kept(self) -> Pairs:
        """What a search for other words keeps."""
        return tuple(pair for pair in self.pairs if pair[0] != TYPED)

    @property
    def tokens(self) -> list[Token]:
        """What else is asked, each with the way to do without it."""
        way = urlencode(_sorted(self.sort))
        return [
            Token(token.label, token.words, _address(f"{token.without}&{way}".strip("&")))
            for token in self.filters.tokens
        ]

    @property
    def clear(self) -> str:
        """The address of what was typed alone; '' where that is all."""
        more = [pair for pair in self.filters.pairs if pair[0] != TYPED]
        return self.at(without=more) if more else ""

    @property
    def faults(self) -> list[str]:
        """What of it can't be read, in words."""
        fields, errors = self.filters.form.fields, self.filters.form.errors
        labels = {name: f"{field.label}: " for name, field in fields.items()}
        return [f"{labels.get(name, '')}{fault}" for name, faults in errors.items() for fault in faults]

    def query(
        self, changes: Mapping[str, str] | None = None, *, without: Collection[tuple[str, str]] = ()
    ) -> str:
        """A query string: with other values, '' for none of them, and without these pairs."""
        changes = changes or {}
        kept = [pair for pair in self.pairs if pair not in without and pair[0] not in changes]
        return urlencode([*kept, *((name, value) for name, value in changes.items() if value)])

    def at(
        self, changes: Mapping[str, str] | None = None, *, without: Collection[tuple[str, str]] = ()
    ) -> str:
        """The address of the results of another search, like this one but for that."""
        return _address(self.query(changes, without=without))

    def chosen(self, facet: Facet) -> set[Key]:
        """The ids of the states, queues or owners, or the year, that it is narrowed down to."""
        if facet is not Facet.YEAR:
            return {self._key(value) for value in self.filters.values.get(NAMES[facet][0], ())}
        after, before = self.filters.values.get("created", (None, None))
        is_year = after and before and _days(after.year) == (after.isoformat(), before.isoformat())
        return {after.year} if is_year else set()

    def toggled(self, facet: Facet, key: Key) -> str:
        """The address with this one chosen as well, or not any more; of years one alone is chosen."""
        is_chosen = key in self.chosen(facet)
        if facet is Facet.YEAR:
            return self.at(dict(zip(NAMES[facet], ("", "") if is_chosen else _days(key), strict=True)))
        name = NAMES[facet][0]
        if is_chosen:
            of_it = [pair for pair in self.pairs if pair[0] == name and self._key(pair[1]) == key]
            return self.at(without=of_it)
        return _address(urlencode([*self.pairs, (name, NOBODY if key is None else str(key))]))

    def _key(self, value: str) -> Key:
        """What a value of an address means: the agent is among the owners, too."""
        if value == ME:
            return self.which.actor.agent_rights.agent_id
        return None if value == NOBODY else int(value)

    def of_any(self, facet: Facet) -> Which:
        """What is asked for, whatever is chosen there; the statements of the attributes that are left."""
        data = QueryDict(mutable=True)
        for name, value in self.pairs:
            if name not in NAMES[facet]:
                data.appendlist(name, value)
        return replace(self.which, among=TicketFilter(data, actor=self.which.actor).among)

    def names(self, facet: Facet, keys: Collection[Key]) -> Mapping[Key, str]:
        """What these are called; of queues and owners those that can be chosen. One statement, none for years
        and none for none."""
        if facet is Facet.YEAR or not keys:
            return {year: str(year) for year in keys}
        offered = self.filters.offered
        if facet is Facet.OWNER:
            named = [*NO_AGENT, *offered.agents]
        else:
            named = offered.states if facet is Facet.STATE else offered.queues
        return {self._key(key): str(name) for key, name in named if self._key(key) in keys}


def search_of(asked: QueryDict, *, actor: Actor) -> Search:
    """The search that a query string is; the statements of `TicketFilter` and of `query_of`."""
    filters = TicketFilter(asked, actor=actor)
    sort = next((sort for sort in Sort if sort == asked.get(SORT)), Sort.NEWEST)
    return Search(
        filters=filters,
        which=Which(query=query_of(filters.asked, actor=actor), actor=actor, among=filters.among),
        sort=sort,
        begin=asked.get(BEGIN, "")[:BEGIN_MOST],
        pairs=(*filters.pairs, *_sorted(sort)),
    )


def in_address(sort: Sort) -> str:
    """What an address says of the order; '' of the one that it has of its own accord."""
    return "" if sort is Sort.NEWEST else sort.value


def _sorted(sort: Sort) -> Pairs:
    return ((SORT, in_address(sort)),) if in_address(sort) else ()


def word_of(facet: Facet) -> str:
    """What a facet is called."""
    return {
        Facet.STATE: _("State"),
        Facet.QUEUE: _("Queue"),
        Facet.YEAR: _("Year"),
        Facet.OWNER: _("Owner"),
    }[facet]


def _days(year: Key) -> tuple[str, str]:
    """The first and the last day of a year, as an address has them."""
    return f"{year}-01-01", f"{year}-12-31"


def _address(query: str) -> str:
    return f"{reverse('desk:search')}?{query}" if query else reverse("desk:search")
