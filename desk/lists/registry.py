"""The lists by the name of their address: which tickets each has. A new list is a row.

What was found is no list: it is asked for by its own words (`desk.search`).
"""

from collections.abc import Mapping

from desk.dashboard import list as box_list
from desk.frame import AgentRequest
from desk.lists import customer, escalation, followed, for_me, mine, organisation, queues, status
from desk.lists.place import Select, Spot, place_asked, spot_of
from desk.search.course import FoundSpot, found_spot
from tickets.models import Ticket

LISTS: Mapping[str, Select] = {
    "desk:home": box_list.select_shown,
    "desk:box": box_list.select,
    "desk:queues": queues.select,
    "desk:queue": queues.select,
    "desk:status": status.select,
    "desk:escalation": escalation.select,
    "desk:escalation_of": escalation.select,
    "desk:my_locked": mine.select_locked,
    "desk:my_owned": mine.select_owned,
    "desk:my_asked": for_me.select,
    "desk:my_followed": followed.select,
    "desk:customer_page": customer.select,
    "desk:customer_tickets": customer.select,
    "desk:organisation_page": organisation.select,
}


def spot_in(request: AgentRequest, ticket: Ticket) -> Spot | FoundSpot | None:
    """Where the ticket stands in what the request's address says that it was opened from, if it says so."""
    place = place_asked(request.GET)
    if place is None:
        return None
    return found_spot(request, ticket, place=place) or spot_of(request, ticket, place=place, lists=LISTS)
