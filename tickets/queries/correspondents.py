"""Whose addresses a ticket knows, each as addresses are compared (`outbox.addresses.compared`)."""

from django.db.models import Q

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in, compared
from tickets.models import Article, Ticket


def known_correspondents(ticket: Ticket) -> frozenset[str]:
    """Who may be answered unasked: the customer, who wrote in their sight, and whom an agent has written to.

    Not who is merely named in a mail, in Cc or Reply-To: anybody can write any address beside a known one in
    From. Two statements.
    """
    wrote = Q(sender_type=Article.SenderType.CUSTOMER, is_visible=True)
    written_to = Q(sender_type=Article.SenderType.AGENT, direction=Article.Direction.OUT)
    rows = ticket.articles.filter(wrote | written_to)
    known = _customers(ticket)
    for sender_type, sender, *headers in rows.values_list("sender_type", "from_address", "to", "cc", "bcc"):
        if sender_type == Article.SenderType.CUSTOMER:
            known.add(compared(sender))
        else:
            known |= addresses_in(*headers)
    return frozenset(known)


def addresses_named_in(ticket: Ticket) -> frozenset[str]:
    """Every address that stands in the head of one of its mails, and the customer's. Two statements."""
    rows = ticket.articles.values_list("from_header", "reply_to", "to", "cc", "bcc")
    return frozenset(_customers(ticket).union(*(addresses_in(*headers) for headers in rows)))


def _customers(ticket: Ticket) -> set[str]:
    rows = CustomerAddress.objects.filter(customer=ticket.customer_id, customer__isnull=False)
    return set(rows.values_list("address", flat=True))
