"""The tickets behind the rows of a page, to compare them with those that were made."""

from tickets.models import Ticket
from tickets.queries.pages import TicketPage


def tickets_on(*pages: TicketPage) -> list[Ticket]:
    """The tickets of these pages, in the order of their rows."""
    ids = [row.pk for page in pages for row in page.rows]
    tickets = Ticket.objects.in_bulk(ids)
    return [tickets[ticket_id] for ticket_id in ids]
