"""How a mail joins a ticket: who takes part in it, who sees it, and whether it opens again (OTRS 2, 5.21)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Lower

from accounts.models import Agent
from mailgate.delivery.leads import Lead
from mailgate.reading.incoming import IncomingMail
from outbox.addresses import addresses_in, compared
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER, UNPROVEN_REPORT
from tickets.queries.participants import Participants, refuses_follow_up


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
    return not (refuses_follow_up(ticket) or mail.parsed.is_automatic)


def _agents_among(batch: Collection[IncomingMail]) -> frozenset[str]:
    senders = (mail.parsed.from_ for mail in batch if mail.parsed.is_automatic)
    machines = {sender.address for sender in senders if sender is not None}
    if not machines:
        return frozenset()
    agents = Agent.objects.annotate(address=Lower("email")).filter(address__in=machines)
    return frozenset(agents.values_list("address", flat=True))
