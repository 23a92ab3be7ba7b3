"""The question form that a ticket came by."""

from tickets.changing.changes import Side
from tickets.kinds import EventKind
from tickets.models import Ticket


def form_of(ticket: Ticket) -> Side | None:
    """What was noted down of the form and its version; None of what came otherwise. One statement."""
    made = ticket.events.filter(kind=EventKind.CREATED).order_by("pk").first()
    _nothing, form = made.changes.get("form", (None, None)) if made is not None else (None, None)
    return form
