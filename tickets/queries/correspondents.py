"""Whose addresses a ticket knows, each as addresses are compared (`outbox.addresses.compared`)."""

from dataclasses import dataclass

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in, compared, read_addresses, write_address
from tickets.models import Article, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Who talks with us in a ticket; `address` as addresses are compared, `written` as they wrote it."""

    name: str = ""
    address: str = ""
    written: str = ""

    @property
    def header(self) -> str:
        """As a header of a mail names them."""
        return write_address(self.name, self.written)


def correspondent_of(ticket: Ticket) -> Correspondent:
    """The customer, by the address that they last wrote from here, else by their first one.

    In a ticket of no customer, who last wrote of those that it knew. One statement, two of a customer.
    """
    customer = ticket.customer
    theirs = ticket.articles.filter(sender_type=Article.SenderType.CUSTOMER, is_visible=True)
    addresses: list[str] = []
    if customer is not None:
        addresses = list(customer.addresses.order_by("pk").values_list("address", flat=True)[:20])
        theirs = theirs.filter(from_address__in=addresses)
    newest = theirs.exclude(from_address="").order_by("-pk").values_list("from_header", "from_address")
    header, address = newest.first() or ("", addresses[0] if addresses else "")
    named = {compared(written): (name, written) for name, written in read_addresses(header)}
    name, written = named.get(compared(address), ("", address))
    return Correspondent(
        name=(customer.full_name if customer else "") or name, address=address, written=written
    )


def known_correspondents(ticket: Ticket) -> frozenset[str]:
    """Who may be answered unasked: the customer, and whom an agent has written to, as the customer saw.

    Two statements. Nothing that came in makes anybody known, neither From nor Cc nor Reply-To: anybody can
    write any address there, also beside a known one.
    """
    written = ticket.articles.filter(
        sender_type=Article.SenderType.AGENT,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.OUT,
        is_visible=True,
    ).values_list("to", "cc", "bcc")
    return frozenset(_customers(ticket).union(*(addresses_in(*headers) for headers in written)))


def askers_of(ticket: Ticket) -> set[str]:
    """Who wrote what the customer sees: in a ticket of no customer it is theirs. One statement."""
    theirs = ticket.articles.filter(sender_type=Article.SenderType.CUSTOMER, is_visible=True)
    return set().union(*(addresses_in(*headers) for headers in theirs.values_list("from_header", "reply_to")))


def addresses_named_in(ticket: Ticket) -> frozenset[str]:
    """Every address that stands in the head of one of its mails, and the customer's. Two statements."""
    if not ticket.pk:  # a mail that makes it is only being written
        return frozenset(_customers(ticket))
    rows = ticket.articles.values_list("from_header", "reply_to", "to", "cc", "bcc")
    return frozenset(_customers(ticket).union(*(addresses_in(*headers) for headers in rows)))


def _customers(ticket: Ticket) -> set[str]:
    rows = CustomerAddress.objects.filter(customer=ticket.customer_id, customer__isnull=False)
    return set(rows.values_list("address", flat=True))
