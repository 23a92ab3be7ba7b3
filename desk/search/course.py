"""From one ticket that was found on to the next."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import Resolver404, resolve

from desk.frame import AgentRequest
from desk.lists.place import Place
from desk.search.asked import search_of
from search.following import Behind, behind, following
from tickets.models import Ticket
from tickets.queries.listed import Listed


@dataclass(frozen=True, slots=True)
class FoundSpot:
    """Where a ticket stands in the results that it was opened from, noted before something is done to it."""

    place: Place
    behind: Behind

    def following(self, request: AgentRequest) -> Listed | None:
        """What comes next in them that the agent can go on with, as it is now."""
        return following(self.behind)


def found_spot(request: AgentRequest, ticket: Ticket, *, place: Place) -> FoundSpot | None:
    """The ticket's spot in the results that `place` is; None where it is no results."""
    try:
        if resolve(place.path).view_name != "desk:search":
            return None
    except Resolver404:
        return None
    search = search_of(QueryDict(place.query), actor=request.actor)
    return FoundSpot(place, behind(search.which, ticket_id=ticket.pk, sort=search.sort))
