"""What the address of a search asks: the query string is the search, whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from desk.writing.typed import read_number
from search.asking import query_of
from search.find import Sort, Which
from search.language import LENGTH_MOST, Asked, read_search
from search.narrowing import Facet, Narrowing
from tickets.actor import Actor
from tickets.models import State
from tickets.states import state_by_id

TYPED, SORT, BEGIN = "q", "sort", "begin"
FACETS: Final = {Facet.STATE: "status", Facet.QUEUE: "wachtrij", Facet.YEAR: "jaar"}
"""What the address calls them."""
CHOSEN_MOST = 50
"""So many values of one facet are heeded."""
YEARS = range(1990, 2200)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search as its address asks for it.

    `pairs`: the address without the place in the results; `begin` is that, None at the top.
    """

    typed: str
    asked: Asked
    narrowing: Narrowing
    which: Which
    sort: Sort
    begin: int | None
    pairs: Pairs

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for."""
        return self.which.query.asks_nothing and self.which.among is None

    @property
    def kept(self) -> Pairs:
        """What a search for other words keeps."""
        return tuple(pair for pair in self.pairs if pair[0] != TYPED)

    @property
    def clear(self) -> str:
        """The address of the same words without what they are narrowed down to; '' where they are not."""
        narrowed = [pair for pair in self.pairs if pair[0] in FACETS.values()]
        return self.at(without=narrowed) if narrowed else ""

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
        query = self.query(changes, without=without)
        return f"{reverse('desk:search')}?{query}" if query else reverse("desk:search")

    def toggled(self, facet: Facet, value: int) -> str:
        """The address with this one chosen as well, or not any more."""
        pair = FACETS[facet], str(value)
        if pair in self.pairs:
            return self.at(without=[pair])
        return f"{reverse('desk:search')}?{urlencode([*self.pairs, pair])}"

    def of_any(self, facet: Facet) -> Which:
        """What is asked for, whatever is chosen there."""
        return replace(self.which, among=self.narrowing.without(facet).among())


def search_of(asked: QueryDict, *, actor: Actor) -> Search:
    """The search that a query string is, of which nonsense is left out; the statements of `query_of`."""
    typed = asked.get(TYPED, "").replace("\0", " ").strip()[:LENGTH_MOST]
    narrowing = Narrowing(
        states=frozenset(filter(_is_state, _chosen(asked, Facet.STATE))),
        queues=actor.agent_rights.visible.intersection(_chosen(asked, Facet.QUEUE)),
        years=frozenset(YEARS).intersection(_chosen(asked, Facet.YEAR)),
    )
    sort = Sort.BEST if asked.get(SORT) == Sort.BEST else Sort.NEWEST
    read = read_search(typed)
    chosen = [(FACETS[facet], str(value)) for facet in Facet for value in sorted(narrowing.of(facet))]
    return Search(
        typed=typed,
        asked=read,
        narrowing=narrowing,
        which=Which(query=query_of(read, actor=actor), actor=actor, among=narrowing.among()),
        sort=sort,
        begin=read_number(asked.get(BEGIN)) or None,
        pairs=(
            *([(TYPED, typed)] if typed else []),
            *chosen,
            *([(SORT, sort.value)] if sort is Sort.BEST else []),
        ),
    )


def _chosen(asked: QueryDict, facet: Facet) -> set[int]:
    """The numbers that the address has for a facet."""
    numbers = (read_number(value) for value in asked.getlist(FACETS[facet])[:CHOSEN_MOST])
    return {number for number in numbers if number is not None}


def _is_state(state_id: int) -> bool:
    try:
        state_by_id(state_id)
    except State.DoesNotExist:
        return False
    return True
