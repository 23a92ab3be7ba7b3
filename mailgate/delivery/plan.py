"""What becomes of a mail: decided once its tickets are locked, and before anything is written.

Only a mail that answers or repeats what an earlier one of its batch has just become, or whose ticket that one
has changed, is planned again, when its turn has come: what that one made was not there before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from mailgate.delivery.copies import Places, Readers, places_of
from mailgate.delivery.follow_up import FollowUp, follow_up_of, read_participants, stranger_to
from mailgate.delivery.leads import Lead, Leads
from mailgate.models import InboundMessage
from mailgate.outcome import CANARY, FOLLOW_UP, NEW, TOLD
from mailgate.parse import Address
from mailgate.reading.incoming import IncomingMail
from notify.models import NotificationMail
from outbox.addresses import compared
from outbox.verp import message_ids_in
from queues.models import Queue
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER


class Becomes(Enum):
    """What a mail becomes: the action and the state of its row."""

    NEW = (NEW, InboundMessage.DELIVERED)
    FOLLOW_UP = (FOLLOW_UP, InboundMessage.DELIVERED)
    COPY = (InboundMessage.DUPLICATE, InboundMessage.DUPLICATE)
    OURS = (InboundMessage.IGNORED, InboundMessage.IGNORED)
    TOLD = (TOLD, InboundMessage.IGNORED)
    CANARY = (CANARY, InboundMessage.IGNORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is decided of a mail; who carries it out asks nothing more.

    `queue`: where it lands; `ticket`: the one it joins (`follow_up` says how), or the closed one whose place
    a new one takes (`by_stranger`: because of who wrote it); `opens`: the queues that get a new ticket;
    `copies`: the articles that are this very mail; `stands`: the one of them, or of ours, to which it adds
    nothing; `also_received`: the queues for which that one, or what the mail becomes, stands as well;
    `returned`: the mail to an agent that did not arrive, by its word.
    """

    mail: IncomingMail
    becomes: Becomes
    writer: Address | None
    queue: Queue
    ticket: Ticket | None = None
    follow_up: FollowUp | None = None
    by_stranger: bool = False
    opens: tuple[Queue, ...] = ()
    copies: tuple[Article, ...] = ()
    stands: Article | None = None
    also_received: tuple[Queue, ...] = ()
    returned: NotificationMail | None = None

    @property
    def asker(self) -> Address | None:
        """Who becomes the customer of a new ticket; nobody by a report, which a machine wrote."""
        return None if self.mail.parsed.is_bounce else self.writer


class Planner:
    """Plans the mails of a batch, once their tickets are locked, by what their leads say."""

    def __init__(self, leads: Leads, batch: Sequence[IncomingMail]) -> None:
        self._leads = leads
        queues = {queue for mail in batch for queue in leads.of(mail).queues()}
        self._readers = Readers(queues)
        self._participants = read_participants(leads.locked.values(), batch=batch)

    def plan(self, mail: IncomingMail) -> Plan:
        """Its plan, by what is there now.

        What answers a test mail of ours, or forwards it, was written by somebody: that is a mail as any.
        """
        lead = self._leads.of(mail)
        if mail.canary is not None and not mail.answered:
            return Plan(mail=mail, becomes=Becomes.CANARY, writer=lead.writer, queue=lead.queue)
        if lead.own is not None:
            return Plan(
                mail=mail, becomes=Becomes.OURS, writer=lead.writer, queue=lead.queue, stands=lead.own
            )
        if lead.told is not None and not self._is_theirs(lead, told=lead.told):
            return _plan_of_told(lead, told=lead.told)
        beside = stranger_to(lead, participants=self._participants)
        joins = lead.joins if beside is None else None
        stays = joins or beside  # and goes to its queue alone, whoever else it was sent to
        queue = stays.queue if stays is not None else lead.queue
        promised = lead.promised if stays is None else ()
        places = places_of(lead.copies, queue=queue, promised=promised, readers=self._readers)
        follow_up = None
        if joins is not None and places.stands is None:
            follow_up = follow_up_of(lead, ticket=joins, participants=self._participants)
        return Plan(
            mail=mail,
            becomes=_becomes(places, follow_up),
            writer=lead.writer,
            queue=queue,
            ticket=lead.ticket,
            follow_up=follow_up,
            by_stranger=beside is not None,
            opens=places.opens if joins is None else (),
            copies=lead.copies,
            stands=places.stands,
            also_received=places.told,
        )

    def again(self, plan: Plan) -> Plan:
        """The plan as it is, or another one where the batch itself has made what it depends on."""
        return self.plan(plan.mail) if self._leads.has_new(plan.mail) else plan

    def _is_theirs(self, lead: Lead, *, told: NotificationMail) -> bool:
        """Whether who takes part in the ticket has written it: an agent sent on to them what it told."""
        is_machines = lead.mail.report is not None or lead.mail.parsed.is_automatic
        if lead.ticket is None or lead.writer is None or is_machines:
            return False
        address = compared(lead.writer.address)
        return address != told.address and self._participants.has(address, ticket=lead.ticket)

    def remember(self, made: Sequence[Article]) -> None:
        """Take into account, for the mails that are still to come, what one of the batch has become.

        Who takes part in a ticket stays as it was: no mail from outside makes anybody known in it.
        """
        self._leads.remember(made)


def _plan_of_told(lead: Lead, *, told: NotificationMail) -> Plan:
    """Of what has to do with a mail to an agent: only what a person writes is kept in the ticket.

    It joins that unseen, and opens nothing. A summary is of no ticket.
    """
    mail, ticket = lead.mail, lead.ticket
    plan = Plan(mail=mail, becomes=Becomes.TOLD, writer=lead.writer, queue=lead.queue)
    if lead.copies:
        return replace(plan, becomes=Becomes.COPY, stands=lead.copies[0])
    if mail.report is not None:
        asked = message_ids_in(told.outbound.sender)
        is_named = not asked or told.outbound.message_id in mail.by_token
        is_believed = mail.report.is_final and mail.is_proven and is_named
        return replace(plan, returned=told if is_believed else None)
    is_machines = mail.parsed.is_automatic or mail.parsed.message_id == told.outbound.message_id
    if ticket is None or is_machines:
        return plan
    is_theirs = lead.writer is not None and compared(lead.writer.address) == told.address
    return replace(
        plan,
        becomes=Becomes.FOLLOW_UP,
        queue=ticket.queue,
        ticket=ticket,
        follow_up=FollowUp(
            is_visible=False,
            warning="" if is_theirs else UNKNOWN_SENDER,
            reopens=False,
            failed=None,
            asks=False,
        ),
    )


def _becomes(places: Places, follow_up: FollowUp | None) -> Becomes:
    if follow_up is not None:
        return Becomes.FOLLOW_UP
    return Becomes.NEW if places.opens else Becomes.COPY
