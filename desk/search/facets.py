"""How many of what was found are of each state, queue, year and owner: by a request of its own."""

from typing import NamedTuple

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.search.asked import Facet, Key, Search, search_of, word_of
from desk.search.found import count_in_words
from desk.words import queue_name
from search.counts import Counts, counts_of

SHOWN_MOST = 12
"""So many values of one facet are shown, those with most tickets."""


class Value(NamedTuple):
    """A queue, a state, a year or an owner, how many tickets have it, and the search with it, or without if
    chosen."""

    name: str | SafeString
    tickets: int
    address: str
    is_chosen: bool


class Values(NamedTuple):
    """The values of one facet."""

    name: str
    word: str
    values: list[Value]


@require_safe
@agent_required
def counts(request: AgentRequest) -> HttpResponseBase:
    """The facets, for the page of the results; a page of its own for who has no script.

    Where some queues are chosen, it counts in the others, too, as if none were: to choose one more.
    """
    search = search_of(request.GET, actor=request.actor)
    found = counts_of(search.which)
    context = {
        "search": search,
        "facets": [_values(facet, search, found) for facet in Facet],
        "count": count_in_words(found.total, is_more=found.is_more),
    }
    name = "_facets" if getattr(request, "htmx", False) else "facets"
    response = render(request, f"desk/search/{name}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _values(facet: Facet, search: Search, found: Counts) -> Values:
    chosen = search.chosen(facet)
    counted = counts_of(search.of_any(facet)) if chosen else found
    numbers: dict[Key, int] = getattr(counted, facet.value)
    order = [*numbers, *sorted(chosen.difference(numbers), key=str)]
    shown = [value for n, value in enumerate(order) if n < SHOWN_MOST or value in chosen]
    names = search.names(facet, shown)
    values = [
        Value(
            name=queue_name(names[value]) if facet is Facet.QUEUE else names[value],
            tickets=numbers.get(value, 0),
            address=search.toggled(facet, value),
            is_chosen=value in chosen,
        )
        for value in shown
        if value in names
    ]
    return Values(name=facet.value, word=word_of(facet), values=values)
