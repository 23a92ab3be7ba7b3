"""How a mail joins a ticket: who takes part in it, who sees it, and whether it opens again (OTRS 2, 5.21)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Agent, CustomerAddress
from mailgate.delivery.leads import CLOSED_TYPES, Lead
from mailgate.reading.incoming import IncomingMail
from outbox.addresses import compared, read_addresses
from queues.models import Queue
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Whether the customer sees the mail, what the agent is warned of, and whether the ticket opens again.

    `failed`: the answer of ours that it reports as not delivered.
    """

    is_visible: bool
    warning: str
    reopens: bool
    failed: Article | None


@dataclass(frozen=True, slots=True)
class Participants:
    """The addresses that take part in tickets: their customer's, and those in their visible articles.

    `written_to`: those that anything of a ticket was ever sent to, seen by the customer or not; `agents`:
    those of the machines' addresses that are one of us.
    """

    by_ticket: dict[int, set[str]]
    written_to: dict[int, set[str]]
    agents: frozenset[str]

    def has(self, address: str, *, ticket: Ticket) -> bool:
        """Whether this address has to do with the ticket.

        Two statements for one that was not there when the others were read: the batch has just made it.
        """
        self._read(ticket)
        return address in self.by_ticket[ticket.pk]

    def got_mail(self, address: str, *, ticket: Ticket) -> bool:
        """Whether anything of the ticket was ever sent to this address."""
        self._read(ticket)
        return address in self.written_to[ticket.pk]

    def _read(self, ticket: Ticket) -> None:
        if ticket.pk not in self.by_ticket:
            _read_addresses([ticket], by_ticket=self.by_ticket, written_to=self.written_to)

    def remember(self, made: Iterable[Article]) -> None:
        """Whom these articles name, which were just made, takes part in their tickets from now on."""
        for article in made:
            if article.is_visible and article.ticket_id in self.by_ticket:
                self.by_ticket[article.ticket_id] |= _named(article.from_address, article.to, article.cc)


def read_participants(tickets: Collection[Ticket], *, batch: Collection[IncomingMail] = ()) -> Participants:
    """Two statements, none without tickets, one more where a mail of the batch is automatic."""
    participants = Participants(by_ticket={}, written_to={}, agents=_agents_among(batch))
    if tickets:
        _read_addresses(tickets, by_ticket=participants.by_ticket, written_to=participants.written_to)
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
    """Whom the ticket does not know joins it unseen by the customer, and the agent is warned."""
    is_known = _is_known(lead, ticket=ticket, participants=participants)
    return FollowUp(
        is_visible=is_known and not _is_hidden(lead, participants=participants),
        warning="" if is_known else UNKNOWN_SENDER,
        reopens=_reopens(lead.mail, ticket),
        failed=lead.failed,
    )


def _is_known(lead: Lead, *, ticket: Ticket, participants: Participants) -> bool:
    """A report is known by our signature, a writer by taking part."""
    if lead.mail.parsed.is_bounce:
        return bool(lead.mail.reported)
    return lead.writer is not None and participants.has(lead.writer.address, ticket=ticket)


def _is_hidden(lead: Lead, *, participants: Participants) -> bool:
    """The customer does not see what a machine says about or to one of us (OTRS 5.21)."""
    parsed = lead.mail.parsed
    if not parsed.is_automatic:
        return False
    by_agent = parsed.from_ is not None and parsed.from_.address in participants.agents
    return by_agent or lead.answers_unseen


def _reopens(mail: IncomingMail, ticket: Ticket) -> bool:
    """A mail that came back always does, one that is only late never (OTRS 2.13 to 2.18)."""
    if mail.report is not None:
        return mail.report.is_final
    refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
    return not (refused or mail.parsed.is_automatic)


def _agents_among(batch: Collection[IncomingMail]) -> frozenset[str]:
    senders = (mail.parsed.from_ for mail in batch if mail.parsed.is_automatic)
    machines = {sender.address for sender in senders if sender is not None}
    if not machines:
        return frozenset()
    agents = Agent.objects.annotate(address=Lower("email")).filter(address__in=machines)
    return frozenset(agents.values_list("address", flat=True))


def _read_addresses(
    tickets: Collection[Ticket], *, by_ticket: dict[int, set[str]], written_to: dict[int, set[str]]
) -> None:
    for ticket in tickets:
        by_ticket[ticket.pk], written_to[ticket.pk] = set(), set()
    _add_customers(by_ticket, tickets)
    _add_correspondents([ticket.pk for ticket in tickets], by_ticket=by_ticket, written_to=written_to)


def _add_customers(by_ticket: dict[int, set[str]], tickets: Collection[Ticket]) -> None:
    addresses: dict[int, set[str]] = {}
    rows = CustomerAddress.objects.filter(customer_id__in=[ticket.customer_id for ticket in tickets])
    for customer_id, address in rows.values_list("customer_id", "address"):
        addresses.setdefault(customer_id, set()).add(address)
    for ticket in tickets:
        by_ticket[ticket.pk] |= addresses.get(ticket.customer_id or 0, set())


def _add_correspondents(
    tickets: Collection[int], *, by_ticket: dict[int, set[str]], written_to: dict[int, set[str]]
) -> None:
    sent = Article.Direction.OUT
    rows = Article.objects.filter(Q(is_visible=True) | Q(direction=sent), ticket_id__in=tickets)
    for ticket_id, direction, is_visible, sender, to, cc, bcc in rows.values_list(
        "ticket_id", "direction", "is_visible", "from_address", "to", "cc", "bcc"
    ):
        if is_visible:
            by_ticket[ticket_id] |= _named(sender, to, cc)
        if direction == sent:
            written_to[ticket_id] |= _named(to, cc, bcc)


def _named(*headers: str) -> set[str]:
    """Not Reply-To: there, anybody can write any address beside a known one in From."""
    return {compared(address) for _name, address in read_addresses(*headers)}
