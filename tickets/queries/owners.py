"""Who owned a ticket before."""

from tickets.models import Ticket

CHANGES_MOST = 50
"""How many changes of owner are looked at: a ticket that went through more hands has no use for the first."""


def previous_owners(ticket: Ticket) -> list[int]:
    """The ids of who owned the ticket and does no more, newest first; some may be gone (OTRS 3.14)."""
    told = ticket.events.filter(changes__has_key="owner").order_by("-pk")
    sides = told.values_list("changes__owner", flat=True)[:CHANGES_MOST]
    ids = dict.fromkeys(side["id"] for before, after in sides for side in (after, before))
    return [agent for agent in ids if agent is not None and agent != ticket.owner_id]
