"""How a mail joins a ticket: who takes part in it, who sees it, and whether it opens again (OTRS 2, 5.21)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models.functions import Lower

from accounts.models import Agent, CustomerAddress
from mailgate.delivery.leads import CLOSED_TYPES, Lead
from mailgate.reading.incoming import IncomingMail
from outbox.addresses import read_addresses
from queues.models import Queue
from tickets.models import Article, Ticket

UNKNOWN_SENDER = "unknown_sender"
UNPROVEN_REPORT = "unproven_report"
Row = tuple[int, str, str, str, str, str]  # ticket, direction, sender type, From's address, To, Cc


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Whether the customer sees the mail, what the agent is warned of, and whether the ticket opens again.

    `failed`: the answer of ours that it reports as not delivered; whether that opens the ticket is for the
    action that notes it.
    """

    is_visible: bool
    warning: str
    reopens: bool
    failed: Article | None


@dataclass(frozen=True, slots=True)
class Participants:
    """The addresses that take part in tickets: their customer's, whom they or we named, and who joined.

    `customers`: their customer's alone; `agents`: those of the machines' addresses that are one of us.
    """

    by_ticket: dict[int, set[str]]
    customers: dict[int, frozenset[str]]
    agents: frozenset[str]

    def has(self, address: str, *, ticket: Ticket) -> bool:
        """Whether this address has to do with the ticket.

        Two statements for one that was not there when the others were read: the batch has just made it.
        """
        if ticket.pk not in self.by_ticket:
            self.customers[ticket.pk] = _customers_of([ticket])[ticket.pk]
            self.by_ticket.update(_addresses_by_ticket({ticket.pk: self.customers[ticket.pk]}))
        return address in self.by_ticket[ticket.pk]

    def remember(self, made: Iterable[Article]) -> None:
        """Whom these articles name, which were just made, takes part in their tickets from now on."""
        for article in made:
            if article.is_visible and article.ticket_id in self.by_ticket:
                row = (
                    *(article.ticket_id, article.direction, article.sender_type),
                    *(article.from_address, article.to, article.cc),
                )
                self.by_ticket[article.ticket_id] |= _made_known(row, self.customers[article.ticket_id])


def read_participants(tickets: Collection[Ticket], *, batch: Collection[IncomingMail] = ()) -> Participants:
    """Two statements, none without tickets, one more where a mail of the batch is automatic."""
    customers = _customers_of(tickets)
    return Participants(
        by_ticket=_addresses_by_ticket(customers), customers=customers, agents=_agents_among(batch)
    )


def follow_up_of(lead: Lead, *, ticket: Ticket, participants: Participants) -> FollowUp:
    """Whom the ticket does not know joins it unseen by the customer, and the agent is warned."""
    is_known = _is_known(lead, ticket=ticket, participants=participants)
    warning = UNPROVEN_REPORT if lead.mail.parsed.is_bounce else UNKNOWN_SENDER
    return FollowUp(
        is_visible=is_known and not _is_hidden(lead, participants=participants),
        warning="" if is_known else warning,
        reopens=_reopens(lead.mail, ticket),
        failed=lead.failed,
    )


def _is_known(lead: Lead, *, ticket: Ticket, participants: Participants) -> bool:
    """A report is known where it is proven, a writer by taking part."""
    report = lead.mail.report
    if report is not None:
        return lead.failed is not None if report.is_final else lead.mail.is_proven
    return lead.writer is not None and participants.has(lead.writer.address, ticket=ticket)


def _is_hidden(lead: Lead, *, participants: Participants) -> bool:
    """The customer does not see what a machine says about or to one of us (OTRS 5.21)."""
    parsed = lead.mail.parsed
    if not parsed.is_automatic or parsed.list_id:
        return False
    by_agent = parsed.from_ is not None and parsed.from_.address in participants.agents
    return by_agent or lead.answers_unseen


def _reopens(mail: IncomingMail, ticket: Ticket) -> bool:
    """OTRS 2.13 to 2.17. A report does so only as an answer that failed (2.18): anybody can write one."""
    if mail.report is not None:
        return False
    refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
    by_machine = mail.parsed.is_automatic and not mail.parsed.list_id  # on a list, people write
    return not (refused or by_machine)


def _agents_among(batch: Collection[IncomingMail]) -> frozenset[str]:
    senders = (mail.parsed.from_ for mail in batch if mail.parsed.is_automatic)
    machines = {sender.address for sender in senders if sender is not None}
    if not machines:
        return frozenset()
    agents = Agent.objects.annotate(address=Lower("email")).filter(address__in=machines)
    return frozenset(agents.values_list("address", flat=True))


def _addresses_by_ticket(customers: dict[int, frozenset[str]]) -> dict[int, set[str]]:
    """The participants of these tickets, whose customers' addresses are given."""
    by_ticket = {ticket_id: set(addresses) for ticket_id, addresses in customers.items()}
    if not by_ticket:
        return by_ticket
    rows = Article.objects.filter(ticket_id__in=list(by_ticket), is_visible=True)
    for row in rows.values_list("ticket_id", "direction", "sender_type", "from_address", "to", "cc"):
        by_ticket[row[0]] |= _made_known(row, customers[row[0]])
    return by_ticket


def _customers_of(tickets: Collection[Ticket]) -> dict[int, frozenset[str]]:
    addresses: dict[int, set[str]] = {}
    rows = CustomerAddress.objects.filter(customer_id__in={ticket.customer_id for ticket in tickets})
    for customer_id, address in rows.values_list("customer_id", "address"):
        addresses.setdefault(customer_id, set()).add(address)
    return {ticket.pk: frozenset(addresses.get(ticket.customer_id or 0, ())) for ticket in tickets}


def _made_known(row: Row, customer: Collection[str]) -> set[str]:
    """Whom a visible article makes known: its writer, and those named by us or by the customer.

    A report names nobody, and others who take part introduce nobody: they are known, but not answered for.
    """
    _ticket, direction, sender_type, writer, to, cc = row
    is_persons = sender_type == Article.SenderType.CUSTOMER
    if direction == Article.Direction.OUT or writer in customer or (is_persons and not customer):
        return _named(writer, to, cc)
    return {writer} if is_persons else set()


def _named(sender: str, *headers: str) -> set[str]:
    """Not Reply-To: there, anybody can write any address beside a known one in From."""
    return {sender, *(address.lower() for _name, address in read_addresses(*headers))}
