"""How a mail joins a ticket: who takes part in it, who sees it, and whether it opens again (OTRS 2, 5.21)."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Agent, CustomerAddress
from mailgate.delivery.leads import CLOSED_TYPES, Lead
from mailgate.reading.incoming import IncomingMail
from outbox.addresses import addresses_in, compared
from queues.models import Queue
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER, UNPROVEN_REPORT

CORRESPONDENCE = ("ticket_id", "direction", "sender_type", "is_visible", "from_address", "to", "cc", "bcc")
"""What articles say of who takes part."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Whether the customer sees the mail, what the agent is warned of, and whether the ticket opens again.

    `failed`: the answer of ours that it reports as not delivered; whether that opens the ticket is for the
    action that notes it. Without `asks` nobody waits for anything: it is a word between us.
    """

    is_visible: bool
    warning: str
    reopens: bool
    failed: Article | None
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Participants:
    """The addresses that take part in tickets: their customer's, and those of what the customer sees.

    Of what an agent wrote whom it went to, of what came in who wrote it (`_made_known`).

    `customers`: the addresses of each ticket's customer;
    `written_to`: those that anything of a ticket was ever sent to, seen by the customer or not; `agents`:
    those of the machines' addresses that are one of us.
    """

    agents: frozenset[str]
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


def read_participants(tickets: Collection[Ticket], *, batch: Collection[IncomingMail] = ()) -> Participants:
    """Two statements, none without tickets, one more where a mail of the batch is automatic."""
    participants = Participants(agents=_agents_among(batch))
    participants.read(tickets)
    return participants


def stranger_to(lead: Lead, *, participants: Participants) -> Ticket | None:
    """The closed ticket that the mail names, where nothing but that speaks for its writer.

    Numbers can be counted up. Who takes part in the ticket, ever got mail from it, or answers a mail of it
    that only those could have, is no stranger.
    """
    ticket = lead.closed
    if ticket is None or ticket.pk in lead.answers_in:
        return None
    address = lead.writer.address if lead.writer is not None else ""
    is_known = participants.has(address, ticket=ticket) or participants.got_mail(address, ticket=ticket)
    return None if address and is_known else ticket


def follow_up_of(lead: Lead, *, ticket: Ticket, participants: Participants) -> FollowUp:
    """Whom the ticket does not know joins it unseen by the customer, and the agent is warned.

    So does what goes on with anything that the customer does not see, as the answer of whom a question was
    forwarded to; of one whom we wrote to there, nobody is warned. What the customer themselves writes stays
    theirs, whoever let them know of it.
    """
    is_known = _is_known(lead, ticket=ticket, participants=participants)
    is_beside = _goes_on_unseen(lead, ticket=ticket, participants=participants)
    is_hidden = is_beside or _is_hidden(lead, participants=participants)
    is_expected = is_known or (is_beside and _was_written_to(lead))
    warning = UNPROVEN_REPORT if lead.mail.parsed.is_bounce else UNKNOWN_SENDER
    return FollowUp(
        is_visible=is_known and not is_hidden,
        warning="" if is_expected else warning,
        reopens=_reopens(lead.mail, ticket),
        failed=lead.failed,
    )


def _is_known(lead: Lead, *, ticket: Ticket, participants: Participants) -> bool:
    """A report is known where it is proven, a writer by taking part."""
    report = lead.mail.report
    if report is not None:
        return lead.failed is not None if report.is_final else lead.mail.is_proven
    return lead.writer is not None and participants.has(lead.writer.address, ticket=ticket)


def _goes_on_unseen(lead: Lead, *, ticket: Ticket, participants: Participants) -> bool:
    """Whether it goes on with an article that the customer does not see, and is not the customer's own."""
    if lead.goes_on_with is None or lead.goes_on_with.is_visible or lead.mail.report is not None:
        return False
    return lead.writer is None or not participants.is_customer(lead.writer.address, ticket=ticket)


def _was_written_to(lead: Lead) -> bool:
    """Whether an agent wrote to the mail's writer in what it goes on with."""
    before = lead.goes_on_with
    if before is None or before.sender_type != Article.SenderType.AGENT or lead.writer is None:
        return False
    return compared(lead.writer.address) in addresses_in(before.to, before.cc, before.bcc)


def _is_hidden(lead: Lead, *, participants: Participants) -> bool:
    """The customer does not see what a machine says about or to one of us (OTRS 5.21)."""
    parsed = lead.mail.parsed
    if not parsed.is_automatic:
        return False
    by_agent = parsed.from_ is not None and parsed.from_.address in participants.agents
    return by_agent or lead.answers_unseen


def _reopens(mail: IncomingMail, ticket: Ticket) -> bool:
    """OTRS 2.13 to 2.17. A report does so only as an answer that failed (2.18): anybody can write one."""
    if mail.report is not None:
        return False
    refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
    return not (refused or mail.parsed.is_automatic)


def _agents_among(batch: Collection[IncomingMail]) -> frozenset[str]:
    senders = (mail.parsed.from_ for mail in batch if mail.parsed.is_automatic)
    machines = {sender.address for sender in senders if sender is not None}
    if not machines:
        return frozenset()
    agents = Agent.objects.annotate(address=Lower("email")).filter(address__in=machines)
    return frozenset(agents.values_list("address", flat=True))


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
