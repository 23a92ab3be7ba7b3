"""Whose addresses a ticket knows, each as addresses are compared (`outbox.addresses.compared`)."""

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in
from tickets.models import Article, Ticket


def known_correspondents(ticket: Ticket) -> frozenset[str]:
    """Who may be answered unasked: the customer, and whom an agent has written to. Two statements.

    Nothing that came in makes anybody known, neither From nor Cc nor Reply-To: anybody can write any address
    there, also beside a known one.
    """
    written = ticket.articles.filter(
        sender_type=Article.SenderType.AGENT, direction=Article.Direction.OUT
    ).values_list("to", "cc", "bcc")
    return frozenset(_customers(ticket).union(*(addresses_in(*headers) for headers in written)))


def addresses_named_in(ticket: Ticket) -> frozenset[str]:
    """Every address that stands in the head of one of its mails, and the customer's. Two statements."""
    rows = ticket.articles.values_list("from_header", "reply_to", "to", "cc", "bcc")
    return frozenset(_customers(ticket).union(*(addresses_in(*headers) for headers in rows)))


def _customers(ticket: Ticket) -> set[str]:
    rows = CustomerAddress.objects.filter(customer=ticket.customer_id, customer__isnull=False)
    return set(rows.values_list("address", flat=True))
