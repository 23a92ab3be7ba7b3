"""What narrows a search down beside its words: some queues, some states, some years."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Self

from django.db.models import Q

from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet


class Facet(StrEnum):
    """What found tickets are counted by, and can be narrowed down to."""

    STATE = "states"
    QUEUE = "queues"
    YEAR = "years"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The ids of the queues and of the states that tickets may have, and the years they may be made in; of
    what is empty, any."""

    states: frozenset[int] = frozenset()
    queues: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()

    def of(self, facet: Facet) -> frozenset[int]:
        """What it is narrowed down to there."""
        chosen: frozenset[int] = getattr(self, facet.value)
        return chosen

    def without(self, facet: Facet) -> Self:
        """The same, but for any of these."""
        return replace(self, **{facet.value: frozenset()})

    def among(self) -> TicketQuerySet | None:
        """The tickets of it; None where it is not narrowed down at all. Who may see them is for others."""
        parts = [
            *([Q(state_id__in=sorted(self.states))] if self.states else []),
            *([Q(queue_id__in=sorted(self.queues))] if self.queues else []),
            *([_made_in(self.years)] if self.years else []),
        ]
        return Ticket.objects.filter(*parts) if parts else None


def _made_in(years: Iterable[int]) -> Q:
    """Tickets by the year that they were made in, by the clock of who asks; each is a span of its own."""
    return reduce(or_, (Q(created__year=year) for year in sorted(years)))
