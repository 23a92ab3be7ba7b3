"""From claimed rows to articles: read without a transaction, then delivered in one for the whole batch.

A row turns delivered in the transaction of its article: a crash leaves a row whose lease runs out, and a
second run changes nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from mailgate.delivery.articles import Files, article_of, store_files
from mailgate.delivery.canary import came_back
from mailgate.delivery.copies import copies_of, may_be_copy, stands_for_both
from mailgate.delivery.customers import customers_of
from mailgate.delivery.follow_up import Known, Threads
from mailgate.delivery.route import AddressBook
from mailgate.delivery.turns import Waiting, in_turn
from mailgate.models import InboundMessage
from mailgate.outcome import FOLLOW_UP, NEW, Outcome, done, record_done, try_later
from mailgate.reading.incoming import IncomingMail
from mailgate.reading.read import groups, read_mails, time_to_read
from queues.models import Queue
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.create import create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.undelivered import note_undelivered
from tickets.actor import Actor
from tickets.locking import lock_tickets, savepoint_of_action
from tickets.models import Article, StateType, Ticket
from tickets.numbers import new_ids
from tickets.queries.threads import main_ticket
from work.away import AWAY, put_back
from work.child import NoChild
from work.claim import extend, held, postpone
from work.trace import traced

logger = logging.getLogger(__name__)

Broken = tuple[InboundMessage, Exception]

NO_CHILD_DELAY = timedelta(seconds=5)
UNKNOWN_SENDER = "unknown_sender"
CLOSED_TYPES = (StateType.CLOSED, StateType.REMOVED)


def deliver(rows: Sequence[InboundMessage]) -> None:
    """Deliver claimed rows, all of one lease, and record on each what became of it.

    Raises what the database raises when it is away, and `NoChild`; then nothing happened, and the rows are
    taken up again.
    """
    try:
        for group in groups(rows):
            if extend(group, lease=settings.CLAIM_LEASE + time_to_read(group), now=timezone.now()):
                _deliver_group(read_mails(group))
            else:  # what the lease was too short for was not tried
                postpone(InboundMessage, rows=group, until=timezone.now())
    except AWAY:
        put_back(InboundMessage, rows=rows)
        raise
    except NoChild:
        postpone(InboundMessage, rows=rows, until=timezone.now() + NO_CHILD_DELAY)
        raise


def _deliver_group(group: list[IncomingMail]) -> None:
    """All at once; if that fails by an error of ours, each alone, so that none suffers for another."""
    if not group:
        return
    try:
        broken = _deliver_together(group)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (recorded on the row below, or tried again alone)
        if len(group) > 1:
            for mail in group:
                _deliver_group([mail])
            return
        broken = [(group[0].row, error)]
    for row, trouble in broken:
        with traced(row.trace):
            logger.error("mail %s could not be delivered", row.pk, exc_info=trouble)
            try_later(row, reason=f"{type(trouble).__name__}: {trouble}")


@transaction.atomic
def _deliver_together(batch: list[IncomingMail]) -> list[Broken]:
    """A savepoint for each mail: one that fails does not take the others with it; gives those that did."""
    now = timezone.now()
    mine = {row.pk for row in held(InboundMessage, rows=[mail.row for mail in batch], now=now)}
    batch = [mail for mail in batch if mail.row.pk in mine and not came_back(mail, now=now)]
    batch = in_turn(batch, now=now)
    prefetch_related_objects([mail.row for mail in batch], "queue", "mailbox__queue")
    if not batch:
        return []
    broken: list[Broken] = []
    outcomes: list[Outcome] = []
    delivery = _Delivery(batch, now=now)
    for mail in delivery.batch:
        if delivery.waiting.holds(mail):
            continue
        try:
            with traced(mail.row.trace), savepoint_of_action():
                outcome = delivery.deliver(mail)
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  (logged and recorded on the row, once the others are safe)
            broken.append((mail.row, error))
            delivery.waiting.hold_back_answers(mail)
        else:
            outcomes.append(outcome)
            delivery.remember()
    delivery.waiting.postpone(now=now)
    record_done(outcomes)
    return broken


class _Delivery:
    """What the mails of one batch share: addresses, threads, customers, files, numbers."""

    def __init__(self, batch: list[IncomingMail], *, now: datetime) -> None:
        self.now = now
        self.locked: dict[int, Ticket] = {}
        self.waiting = Waiting()
        self.made: list[Article] = []
        self.book, self.threads = AddressBook.read(), Threads.read(batch)
        self.batch = self._with_free_tickets(batch)
        self.writers = {mail.row.pk: self.book.writer(mail.parsed) for mail in self.batch}
        self.customers: dict[str, Customer] = customers_of(
            writer
            for mail in self.batch
            if (writer := self.writers[mail.row.pk]) and self._starts_ticket(mail, self._ticket(mail))
        )
        self.files: Files = store_files(self.batch)
        self.known = Known.read(list(self.locked.values()), machines=self._machines())
        self.ids = new_ids(count=len(self.batch), now=self.now) if self.batch else []

    def deliver(self, mail: IncomingMail) -> Outcome:
        """A double is kept, a follow-up joins its ticket, all else becomes a new one."""
        self.made = []
        ticket = self._ticket(mail)
        queue = self._queue(mail, ticket)
        if (own := self._own(mail)) is not None:
            return done(mail.row, state=InboundMessage.IGNORED, action=InboundMessage.IGNORED, article=own)
        copies = copies_of(mail, same_id=self._same_id(mail), queue_id=queue.pk, files=self.files)
        there, action = copies.here or copies.shared, NEW
        if ticket is not None and not self._starts_ticket(mail, ticket):
            if there is None:
                there, action = self._follow_up(mail, ticket), FOLLOW_UP
        else:
            there = there or self._new(mail, queue=queue, instead_of=ticket)
            self._spread(mail, there, copies=copies.articles)
        if there is copies.shared:
            note_also_received(actor=Actor.mail(), article=there, queue=queue, now=self.now)
        if not self.made:
            double = InboundMessage.DUPLICATE
            return done(mail.row, state=double, action=double, article=there)
        link_same_mail(actor=Actor.mail(), made=self.made, copies=copies.articles, now=self.now)
        return done(mail.row, state=InboundMessage.DELIVERED, action=action, article=self.made[0])

    def remember(self) -> None:
        """A later mail of the batch may answer what the last one became, or be the same mail."""
        for article in self.made:
            self.threads.remember(article)

    def _spread(self, mail: IncomingMail, article: Article, *, copies: Sequence[Article]) -> None:
        """The other queues of the same transfer: `article` stands for them, or they get a ticket, too."""
        have_it = {each.ticket.queue_id for each in (article, *copies)}
        for queue in self.book.further_queues(mail.row, first=article.ticket.queue):
            if queue.pk in have_it:
                continue
            if stands_for_both(article, queue_id=queue.pk):
                note_also_received(actor=Actor.mail(), article=article, queue=queue, now=self.now)
            else:
                self._new(mail, queue=queue)

    def _queue(self, mail: IncomingMail, ticket: Ticket | None) -> Queue:
        """Where the mail lands: in its ticket's queue, else in the one it is for."""
        if ticket is None or self._starts_ticket(mail, ticket):
            return self.book.queue_of(mail.row, mail.parsed)
        return ticket.queue

    def _ticket(self, mail: IncomingMail) -> Ticket | None:
        """The ticket the mail belongs to, as it is under our lock."""
        ticket = self._thread(mail)
        return self.locked.get(ticket.pk, ticket) if ticket else None

    def _thread(self, mail: IncomingMail) -> Ticket | None:
        return self.threads.ticket_of(mail, queue=self.book.queue_of(mail.row, mail.parsed))

    def _with_free_tickets(self, batch: list[IncomingMail]) -> list[IncomingMail]:
        """Lock the tickets of all mails at once; mail for one that somebody holds waits a little."""
        wanted = {mail.row.pk: self._wanted(mail) for mail in batch}
        ids = {pk for some in wanted.values() for pk in some}
        free = lock_tickets(*ids, wait=False) if ids else []
        self.locked = {ticket.pk: ticket for ticket in free if ticket.merged_into_id is None}
        for mail in batch:
            if not wanted[mail.row.pk] <= self.locked.keys():
                self.waiting.put_back(mail)
        return [mail for mail in batch if mail.row not in self.waiting.rows]

    def _wanted(self, mail: IncomingMail) -> set[int]:
        """The ticket that the mail belongs to, and those of copies that may have to be told of each other."""
        ticket = self._thread(mail)
        queue = self._queue(mail, ticket)
        is_for_more = bool(self.book.further_queues(mail.row, first=queue))
        same_id = self.threads.same_id(mail)
        copies = (each for each in same_id if is_for_more or each.ticket.queue_id != queue.pk)
        twins = {main_ticket(each.ticket).pk for each in copies if may_be_copy(mail, each)}
        return twins | ({ticket.pk} if ticket else set())

    def _same_id(self, mail: IncomingMail) -> list[Article]:
        """The articles with this mail's id, each with its ticket as it is under our lock."""
        articles = self.threads.same_id(mail)
        for article in articles:
            article.ticket = self.locked.get(article.ticket_id, article.ticket)
        return articles

    def _own(self, mail: IncomingMail) -> Article | None:
        """A mail of ours that came back to us, as when another of our addresses was in Cc: it is there."""
        if mail.parsed.from_ is None or not self.book.is_ours(mail.parsed.from_.address):
            return None
        same_id = self.threads.same_id(mail)
        return next((each for each in same_id if each.direction == Article.Direction.OUT), None)

    def _starts_ticket(self, mail: IncomingMail, ticket: Ticket | None) -> bool:
        """It belongs to none, or to a closed one whose queue wants a new one; a bounce joins (OTRS 2.18)."""
        if ticket is None:
            return True
        closed = ticket.state_type in CLOSED_TYPES
        return closed and ticket.queue.follow_up == Queue.FollowUp.NEW_TICKET and not mail.parsed.is_bounce

    def _new(self, mail: IncomingMail, *, queue: Queue, instead_of: Ticket | None = None) -> Article:
        writer = self.writers[mail.row.pk]
        made = create_ticket(
            actor=Actor.mail(),
            queue=queue,
            title=mail.parsed.subject or _("(no subject)"),
            customer=self.customers.get(writer.address) if writer else None,
            article=article_of(mail, files=self.files.get(mail.row.pk, ()), writer=writer),
            instead_of=instead_of,
            now=self.now,
            ids=self.ids.pop(0) if self.ids else None,
            quiet=mail.row.is_old,
        )
        self.made.append(made)
        return made

    def _follow_up(self, mail: IncomingMail, ticket: Ticket) -> Article:
        """Whom the ticket does not know joins it unseen by the customer, and the agent is warned."""
        is_known = self._is_known(mail, ticket)
        made = add_follow_up(
            actor=Actor.mail(),
            ticket=ticket,
            article=article_of(
                mail,
                files=self.files.get(mail.row.pk, ()),
                writer=self.writers[mail.row.pk],
                is_visible=is_known and not self._is_hidden(mail),
                warning="" if is_known else UNKNOWN_SENDER,
            ),
            now=self.now,
            reopen=self._reopens(mail, ticket),
            quiet=mail.row.is_old,
        )
        self.made.append(made)
        self._note_undelivered(mail, made)
        return made

    def _is_known(self, mail: IncomingMail, ticket: Ticket) -> bool:
        """A report is known by our signature, a writer by taking part."""
        if mail.parsed.is_bounce:
            return bool(mail.reported)
        writer = self.writers[mail.row.pk]
        return writer is not None and (
            self._is_new(ticket) or self.known.knows(writer.address, ticket=ticket)
        )

    def _is_hidden(self, mail: IncomingMail) -> bool:
        """The customer does not see what a machine says about or to one of us (OTRS 5.21)."""
        if not mail.parsed.is_automatic or mail.parsed.list_id:
            return False
        sender = mail.parsed.from_.address if mail.parsed.from_ else ""
        return self.known.is_agent(sender) or self.threads.is_hidden(mail)

    def _reopens(self, mail: IncomingMail, ticket: Ticket) -> bool:
        """A mail that came back always does, one that is only late never (OTRS 2.13 to 2.18)."""
        if mail.report is not None:
            return mail.report.is_final
        refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
        by_machine = mail.parsed.is_automatic and not mail.parsed.list_id  # on a list, people write
        return not (refused or by_machine)

    def _note_undelivered(self, mail: IncomingMail, made: Article) -> None:
        answer = self.threads.failed_answer(mail)
        if mail.report is not None and mail.report.is_final and answer is not None:
            note_undelivered(
                actor=Actor.mail(), answer=answer, report=made, failures=mail.report.failed, now=self.now
            )

    def _machines(self) -> set[str]:
        parsed = (mail.parsed for mail in self.batch)
        return {each.from_.address for each in parsed if each.is_automatic and each.from_}

    def _is_new(self, ticket: Ticket) -> bool:
        """Whether this very batch made the ticket, so that nobody was looked up for it."""
        return ticket.pk not in self.known.by_ticket
