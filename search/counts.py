"""How many tickets were found of each queue, state, year and owner: of the newest 10,000 that were found."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.db.models.functions import ExtractYear

from search.find import Which, hits_of
from tickets.models import Ticket

COUNTED_MOST: Final = 10_000
SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of tickets by the id of their queue, state and owner (None: nobody), most first, and by the
    year they were made in.

    `is_more`: more than `COUNTED_MOST` were found, or time was up before all were looked at.
    """

    total: int = 0
    is_more: bool = False
    queues: dict[int, int] = field(default_factory=dict)
    states: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    owners: dict[int | None, int] = field(default_factory=dict)


def counts_of(which: Which) -> Counts:
    """The numbers; the statements of `hits_of` and one more, of which all queues are the ticket's of now."""
    if which.is_nothing:
        return Counts()
    hits = hits_of(which, limit=COUNTED_MOST + 1, seconds=SECONDS)
    among = RawSQL("SELECT unnest(%s::bigint[])", (hits.ids[:COUNTED_MOST],))
    visible = Ticket.objects.visible_to(which.actor.agent_rights).filter(pk__in=among)
    columns = ("queue_id", "state_id", ExtractYear("created"), "owner_id")
    queues, states, years, owners = Counter[int](), Counter[int](), Counter[int](), Counter[int | None]()
    for queue, state, year, owner, number in visible.values_list(*columns).annotate(Count("pk")).order_by():
        queues[queue] += number
        states[state] += number
        years[year] += number
        owners[owner] += number
    return Counts(
        total=queues.total(),
        is_more=len(hits.ids) > COUNTED_MOST or hits.stopped_at is not None,
        queues=dict(queues.most_common()),
        states=dict(states.most_common()),
        years=dict(sorted(years.items(), reverse=True)),
        owners=dict(owners.most_common()),
    )
