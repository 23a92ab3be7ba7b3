"""Who takes part in a ticket: whose words its customer sees, and what is said to whom."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in, compared
from queues.models import Queue
from tickets.errors import TakesNoPart
from tickets.models import CLOSED_TYPES, Article, Ticket

CORRESPONDENCE = ("ticket_id", "direction", "sender_type", "is_visible", "from_address", "to", "cc", "bcc")
"""What articles say of who takes part."""


@dataclass(frozen=True, slots=True)
class Participants:
    """The addresses that take part in tickets: their customer's, and those of what the customer sees.

    Of what an agent wrote whom it went to, of what came in who wrote it (`_made_known`).

    `customers`: the addresses of each ticket's customer;
    `written_to`: those that anything of a ticket was ever sent to, seen by the customer or not; `agents`:
    those of the machines' addresses that are one of us.
    """

    agents: frozenset[str] = frozenset()
    by_ticket: dict[int, set[str]] = field(default_factory=dict)
    customers: dict[int, frozenset[str]] = field(default_factory=dict)
    written_to: dict[int, set[str]] = field(default_factory=dict)

    def has(self, address: str, *, ticket: Ticket) -> bool:
        """Whether this address has to do with the ticket.

        Two statements for one that was not there when the others were read: the batch has just made it.
        """
        self.read([ticket])
        return address in self.by_ticket[ticket.pk]

    def got_mail(self, address: str, *, ticket: Ticket) -> bool:
        """Whether anything of the ticket was ever sent to this address."""
        self.read([ticket])
        return address in self.written_to[ticket.pk]

    def is_customer(self, address: str, *, ticket: Ticket) -> bool:
        """Whether this address is one of the ticket's customer."""
        self.read([ticket])
        return address in self.customers[ticket.pk]

    def read(self, tickets: Collection[Ticket]) -> None:
        """Those of tickets that are not known yet, in two statements; none where all are."""
        unread = [ticket for ticket in tickets if ticket.pk not in self.by_ticket]
        if not unread:
            return
        customers = _customers_of(unread)
        for ticket in unread:
            self.customers[ticket.pk] = frozenset(customers[ticket.pk])
            self.by_ticket[ticket.pk] = customers[ticket.pk]
            self.written_to[ticket.pk] = set()
        rows = Article.objects.filter(
            Q(is_visible=True) | Q(direction=Article.Direction.OUT), ticket_id__in=[row.pk for row in unread]
        )
        for row in rows.only(*CORRESPONDENCE):
            self._add(row)

    def _add(self, article: Article) -> None:
        if article.is_visible:
            self.by_ticket[article.ticket_id] |= _made_known(article)
        if article.direction == Article.Direction.OUT:
            self.written_to[article.ticket_id] |= addresses_in(article.to, article.cc, article.bcc)


def require_part(address: str, *, ticket: Ticket) -> None:
    """Raise `TakesNoPart` for an address that has nothing to do with the ticket. Two statements.

    It can have a link to it all the same: an automatic answer goes to whatever stands in a mail's Reply-To.
    """
    if not Participants().has(compared(address), ticket=ticket):
        raise TakesNoPart


def begins_anew(ticket: Ticket) -> bool:
    """Whether what its customer writes becomes a new ticket: it is closed, and its queue wants it so."""
    return ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.NEW_TICKET


def refuses_follow_up(ticket: Ticket) -> bool:
    """Whether what its customer writes does not open it again: it is closed, and its queue wants it so."""
    return ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT


def _customers_of(tickets: Collection[Ticket]) -> dict[int, set[str]]:
    addresses: dict[int, set[str]] = {}
    rows = CustomerAddress.objects.filter(customer_id__in={ticket.customer_id for ticket in tickets})
    for customer_id, address in rows.values_list("customer_id", "address"):
        addresses.setdefault(customer_id, set()).add(address)
    return {ticket.pk: set(addresses.get(ticket.customer_id or 0, ())) for ticket in tickets}


def _made_known(article: Article) -> set[str]:
    """Whom a visible article makes known: whom an agent wrote to in it, or the person who wrote it.

    Nobody by being named in a mail from outside: anybody can write any address beside a known one in From.
    Nor by an automatic answer: it goes to whatever stands in such a mail's Reply-To.
    """
    if article.sender_type == Article.SenderType.AGENT and article.direction == Article.Direction.OUT:
        return addresses_in(article.to, article.cc)
    is_persons = article.sender_type == Article.SenderType.CUSTOMER
    return addresses_in(article.from_address) if is_persons else set()
