"""What was said in a ticket while it was another customer's."""

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket


def is_of_another_customer(article: Article, *, ticket: Ticket) -> bool:
    """Whether it was said before the ticket got its customer of now, and neither by them nor to them.

    What no customer sees was said with none. One statement, two where the customer was changed after it.
    """
    if not article.is_visible:
        return False
    changed = Event.objects.filter(ticket=ticket, kind=EventKind.CUSTOMER_CHANGED, at__gte=article.created)
    if not changed.exists():
        return False
    is_theirs = article.sender_type == Article.SenderType.CUSTOMER
    said = addresses_in(article.from_header, article.from_address) if is_theirs else addresses_in(article.to)
    return not CustomerAddress.objects.filter(customer=ticket.customer_id, address__in=said).exists()


def was_anothers(*tickets: int) -> bool:
    """Whether the customer of one of these tickets was changed."""
    return Event.objects.filter(ticket__in=tickets, kind=EventKind.CUSTOMER_CHANGED).exists()
