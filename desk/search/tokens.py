"""What a search is narrowed down to, each with the way to do without it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from desk.search.asked import FACETS, Search
from queues.subscriptions import queues_of
from search.narrowing import Facet
from tickets.states import state_by_id


class Token(NamedTuple):
    """A chosen value, and the address of the search without it."""

    facet: str
    value: str
    address: str


def tokens_of(search: Search) -> list[Token]:
    """Those of this search; one statement if queues are chosen."""
    tokens = []
    for facet in Facet:
        chosen = search.narrowing.of(facet)
        names = names_of(facet, chosen, search=search)
        word = word_of(facet)
        tokens += [
            Token(word, names[value], search.at(without=[(FACETS[facet], str(value))]))
            for value in sorted(chosen)
            if value in names
        ]
    return tokens


def word_of(facet: Facet) -> str:
    """What a facet is called."""
    return {Facet.STATE: _("State"), Facet.QUEUE: _("Queue"), Facet.YEAR: _("Year")}[facet]


def names_of(facet: Facet, values: Iterable[int], *, search: Search) -> Mapping[int, str]:
    """What these values are called; of queues those that the agent may see, by one statement, if any."""
    values = list(values)
    if facet is Facet.YEAR:
        return {year: str(year) for year in values}
    if facet is Facet.STATE:
        return {state_id: _(state_by_id(state_id).name) for state_id in values}
    queues = queues_of(search.which.actor.agent_rights) if values else []
    return {queue.pk: queue.name for queue in queues if queue.pk in values}
