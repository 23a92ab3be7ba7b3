"""From claimed rows to articles: read without a transaction, then delivered in one for the whole batch.

A row turns delivered in the transaction of its article: a crash leaves a row whose lease runs out, and a
second run changes nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from mailgate.articles import Files, article_of, store_files
from mailgate.canary import came_back
from mailgate.copies import copies_of, may_be_copy, stands_for_both
from mailgate.customers import customers_of
from mailgate.follow_up import Known, Threads
from mailgate.models import InboundMessage
from mailgate.outcome import FOLLOW_UP, NEW, Outcome, done, failed, record_done
from mailgate.read import Incoming, groups, read, time_to_read
from mailgate.route import AddressBook
from mailgate.turns import Waiting, in_turn
from queues.models import Queue
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.create import create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.undelivered import note_undelivered
from tickets.actor import Actor
from tickets.changing.locking import lock_tickets, savepoint_of_action
from tickets.models import Article, StateType, Ticket
from tickets.numbers import new_ids
from tickets.queries.threads import main_ticket
from work.away import AWAY, put_back
from work.claim import extend, held, postpone
from work.trace import traced

logger = logging.getLogger(__name__)

Broken = tuple[InboundMessage, Exception]

UNKNOWN_SENDER = "unknown_sender"
CLOSED_TYPES = (StateType.CLOSED, StateType.REMOVED)


def deliver(rows: Sequence[InboundMessage]) -> None:
    """Deliver claimed rows, all of one lease, and record on each what became of it.

    Raises what the database raises when it is away; then nothing happened, and the rows are taken up again.
    """
    try:
        for group in groups(rows):
            if extend(group, lease=settings.CLAIM_LEASE + time_to_read(group), now=timezone.now()):
                _deliver_group(read(group))
            else:  # what the lease was too short for was not tried
                postpone(InboundMessage, rows=group, until=timezone.now())
    except AWAY:
        put_back(InboundMessage, rows=rows)
        raise


def _deliver_group(group: list[Incoming]) -> None:
    """All at once; if that fails by an error of ours, each alone, so that none suffers for another."""
    if not group:
        return
    try:
        broken = _deliver_together(group)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (recorded on the row below, or tried again alone)
        if len(group) > 1:
            for one in group:
                _deliver_group([one])
            return
        broken = [(group[0].row, error)]
    for row, trouble in broken:
        with traced(row.trace):
            logger.error("mail %s could not be delivered", row.pk, exc_info=trouble)
            failed(row, error=trouble)


@transaction.atomic
def _deliver_together(batch: list[Incoming]) -> list[Broken]:
    """A savepoint for each mail: one that fails does not take the others with it; gives those that did."""
    now = timezone.now()
    mine = {row.pk for row in held(InboundMessage, rows=[one.row for one in batch], now=now)}
    batch = [one for one in batch if one.row.pk in mine and not came_back(one, now=now)]
    batch = in_turn(batch, now=now)
    prefetch_related_objects([one.row for one in batch], "queue", "mailbox__queue")
    if not batch:
        return []
    broken: list[Broken] = []
    outcomes: list[Outcome] = []
    delivery = _Delivery(batch, now=now)
    for one in delivery.batch:
        if delivery.waiting.holds(one):
            continue
        try:
            with traced(one.row.trace), savepoint_of_action():
                outcome = delivery.deliver(one)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  (logged and recorded on the row, once the others are safe)
            broken.append((one.row, error))
            delivery.waiting.hold_back_answers(one)
        else:
            outcomes.append(outcome)
            delivery.remember()
    delivery.waiting.postpone(now=now)
    record_done(outcomes)
    return broken


class _Delivery:
    """What the mails of one batch share: addresses, threads, customers, files, numbers."""

    def __init__(self, batch: list[Incoming], *, now: datetime) -> None:
        self.now = now
        self.locked: dict[int, Ticket] = {}
        self.waiting = Waiting()
        self.made: list[Article] = []
        self.book, self.threads = AddressBook.read(), Threads.read(batch)
        self.batch = self._with_free_tickets(batch)
        self.writers = {one.row.pk: self.book.writer(one.mail) for one in self.batch}
        self.customers: dict[str, Customer] = customers_of(
            writer
            for one in self.batch
            if (writer := self.writers[one.row.pk]) and self._starts_ticket(one, self._ticket(one))
        )
        self.files: Files = store_files(self.batch)
        self.known = Known.read(list(self.locked.values()), machines=self._machines())
        self.ids = new_ids(count=len(self.batch), now=self.now) if self.batch else []

    def deliver(self, one: Incoming) -> Outcome:
        """A double is kept, a follow-up joins its ticket, all else becomes a new one."""
        self.made = []
        ticket = self._ticket(one)
        queue = self._queue(one, ticket)
        if (own := self._own(one)) is not None:
            return done(one.row, state=InboundMessage.IGNORED, action=InboundMessage.IGNORED, article=own)
        copies = copies_of(one, same_id=self._same_id(one), queue_id=queue.pk, files=self.files)
        there, action = copies.here or copies.shared, NEW
        if ticket is not None and not self._starts_ticket(one, ticket):
            if there is None:
                there, action = self._follow_up(one, ticket), FOLLOW_UP
        else:
            there = there or self._new(one, queue=queue, instead_of=ticket)
            self._spread(one, there, copies=copies.articles)
        if there is copies.shared:
            note_also_received(actor=Actor.mail(), article=there, queue=queue, now=self.now)
        if not self.made:
            double = InboundMessage.DUPLICATE
            return done(one.row, state=double, action=double, article=there)
        link_same_mail(actor=Actor.mail(), made=self.made, copies=copies.articles, now=self.now)
        return done(one.row, state=InboundMessage.DELIVERED, action=action, article=self.made[0])

    def remember(self) -> None:
        """A later mail of the batch may answer what the last one became, or be the same mail."""
        for article in self.made:
            self.threads.remember(article)

    def _spread(self, one: Incoming, article: Article, *, copies: Sequence[Article]) -> None:
        """The other queues of the same transfer: `article` stands for them, or they get a ticket, too."""
        have_it = {each.ticket.queue_id for each in (article, *copies)}
        for queue in self.book.further_queues(one.row, first=article.ticket.queue):
            if queue.pk in have_it:
                continue
            if stands_for_both(article, queue_id=queue.pk):
                note_also_received(actor=Actor.mail(), article=article, queue=queue, now=self.now)
            else:
                self._new(one, queue=queue)

    def _queue(self, one: Incoming, ticket: Ticket | None) -> Queue:
        """Where the mail lands: in its ticket's queue, else in the one it is for."""
        if ticket is None or self._starts_ticket(one, ticket):
            return self.book.queue_of(one.row, one.mail)
        return ticket.queue

    def _ticket(self, one: Incoming) -> Ticket | None:
        """The ticket the mail belongs to, as it is under our lock."""
        ticket = self._thread(one)
        return self.locked.get(ticket.pk, ticket) if ticket else None

    def _thread(self, one: Incoming) -> Ticket | None:
        return self.threads.ticket_of(one, queue=self.book.queue_of(one.row, one.mail))

    def _with_free_tickets(self, batch: list[Incoming]) -> list[Incoming]:
        """Lock the tickets of all mails at once; mail for one that somebody holds waits a little."""
        wanted = {one.row.pk: self._wanted(one) for one in batch}
        ids = {pk for some in wanted.values() for pk in some}
        free = lock_tickets(*ids, wait=False) if ids else []
        self.locked = {ticket.pk: ticket for ticket in free if ticket.merged_into_id is None}
        for one in batch:
            if not wanted[one.row.pk] <= self.locked.keys():
                self.waiting.put_back(one)
        return [one for one in batch if one.row not in self.waiting.rows]

    def _wanted(self, one: Incoming) -> set[int]:
        """The ticket that the mail belongs to, and those of copies that may have to be told of each other."""
        ticket = self._thread(one)
        queue = self._queue(one, ticket)
        is_for_more = bool(self.book.further_queues(one.row, first=queue))
        same_id = self.threads.same_id(one)
        copies = (each for each in same_id if is_for_more or each.ticket.queue_id != queue.pk)
        twins = {main_ticket(each.ticket).pk for each in copies if may_be_copy(one, each)}
        return twins | ({ticket.pk} if ticket else set())

    def _same_id(self, one: Incoming) -> list[Article]:
        """The articles with this mail's id, each with its ticket as it is under our lock."""
        articles = self.threads.same_id(one)
        for article in articles:
            article.ticket = self.locked.get(article.ticket_id, article.ticket)
        return articles

    def _own(self, one: Incoming) -> Article | None:
        """A mail of ours that came back to us, as when another of our addresses was in Cc: it is there."""
        if one.mail.from_ is None or not self.book.is_ours(one.mail.from_.address):
            return None
        same_id = self.threads.same_id(one)
        return next((each for each in same_id if each.direction == Article.Direction.OUT), None)

    def _starts_ticket(self, one: Incoming, ticket: Ticket | None) -> bool:
        """It belongs to none, or to a closed one whose queue wants a new one; a bounce joins (OTRS 2.18)."""
        if ticket is None:
            return True
        closed = ticket.state_type in CLOSED_TYPES
        return closed and ticket.queue.follow_up == Queue.FollowUp.NEW_TICKET and not one.mail.is_bounce

    def _new(self, one: Incoming, *, queue: Queue, instead_of: Ticket | None = None) -> Article:
        writer = self.writers[one.row.pk]
        made = create_ticket(
            actor=Actor.mail(),
            queue=queue,
            title=one.mail.subject or _("(no subject)"),
            customer=self.customers.get(writer.address) if writer else None,
            article=article_of(one, files=self.files.get(one.row.pk, ()), writer=writer),
            instead_of=instead_of,
            now=self.now,
            ids=self.ids.pop(0) if self.ids else None,
            quiet=one.row.is_old,
        ).written
        self.made.append(made)
        return made

    def _follow_up(self, one: Incoming, ticket: Ticket) -> Article:
        """Whom the ticket does not know joins it unseen by the customer, and the agent is warned."""
        is_known = self._is_known(one, ticket)
        made = add_follow_up(
            actor=Actor.mail(),
            ticket=ticket,
            article=article_of(
                one,
                files=self.files.get(one.row.pk, ()),
                writer=self.writers[one.row.pk],
                is_visible=is_known and not self._is_hidden(one),
                warning="" if is_known else UNKNOWN_SENDER,
            ),
            now=self.now,
            reopen=self._reopens(one, ticket),
            quiet=one.row.is_old,
        ).written
        self.made.append(made)
        self._note_undelivered(one, made)
        return made

    def _is_known(self, one: Incoming, ticket: Ticket) -> bool:
        """A report is known by our signature, a writer by taking part."""
        if one.mail.is_bounce:
            return bool(one.reported)
        writer = self.writers[one.row.pk]
        return writer is not None and (
            self._is_new(ticket) or self.known.knows(writer.address, ticket=ticket)
        )

    def _is_hidden(self, one: Incoming) -> bool:
        """The customer does not see what a machine says about or to one of us (OTRS 5.21)."""
        if not one.mail.is_automatic or one.mail.list_id:
            return False
        sender = one.mail.from_.address if one.mail.from_ else ""
        return self.known.is_agent(sender) or self.threads.is_hidden(one)

    def _reopens(self, one: Incoming, ticket: Ticket) -> bool:
        """A mail that came back always does, one that is only late never (OTRS 2.13 to 2.18)."""
        if one.report is not None:
            return one.report.is_final
        refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
        by_machine = one.mail.is_automatic and not one.mail.list_id  # on a list, people write
        return not (refused or by_machine)

    def _note_undelivered(self, one: Incoming, made: Article) -> None:
        answer = self.threads.failed_answer(one)
        if one.report is not None and one.report.is_final and answer is not None:
            note_undelivered(
                actor=Actor.mail(), answer=answer, report=made, failures=one.report.failed, now=self.now
            )

    def _machines(self) -> set[str]:
        return {one.mail.from_.address for one in self.batch if one.mail.is_automatic and one.mail.from_}

    def _is_new(self, ticket: Ticket) -> bool:
        """Whether this very batch made the ticket, so that nobody was looked up for it."""
        return ticket.pk not in self.known.by_ticket
