"""From claimed rows to articles: read without a transaction, then delivered in one for the whole batch.

A row turns delivered in the transaction of its article: a crash leaves a row whose lease runs out, and a
second run changes nothing.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from accounts.models import Customer
from mailgate.articles import Files, article_of, store_files
from mailgate.customers import customers_of
from mailgate.follow_up import Known, Threads
from mailgate.models import InboundMessage
from mailgate.outcome import FOLLOW_UP, NEW, done, failed
from mailgate.read import Incoming, groups, read
from mailgate.route import AddressBook
from queues.models import Queue
from tickets.actions.create import create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.locking import lock_tickets
from tickets.models import Article, StateType, Ticket
from tickets.numbers import new_ids
from work.claim import held, postpone

logger = logging.getLogger(__name__)

BUSY_DELAY = timedelta(seconds=5)
UNKNOWN_SENDER = "unknown_sender"
CLOSED_TYPES = (StateType.CLOSED, StateType.REMOVED)


def deliver(rows: Sequence[InboundMessage]) -> None:
    """Deliver claimed rows. What the database refuses is raised: the rows are taken up again later."""
    for group in groups(rows):
        broken: list[tuple[InboundMessage, Exception]] = []
        if batch := read(group):
            with transaction.atomic():
                _deliver(batch, broken)
        for row, error in broken:
            logger.error("mail %s could not be delivered", row.pk, exc_info=error)
            failed(row, error=error)


def _deliver(batch: list[Incoming], broken: list[tuple[InboundMessage, Exception]]) -> None:
    """A savepoint for each mail: one that fails does not take the others with it."""
    mine = {row.pk for row in held(InboundMessage, rows=[one.row for one in batch], now=timezone.now())}
    batch = [one for one in batch if one.row.pk in mine]
    if not batch:
        return
    delivery = _Delivery(batch)
    for one in delivery.batch:
        try:
            with transaction.atomic():
                delivery.deliver(one)
        except OperationalError:
            raise
        except (DatabaseError, ValueError, LookupError, TypeError, AttributeError) as error:
            broken.append((one.row, error))


class _Delivery:
    """What the mails of one batch share: addresses, threads, customers, files, numbers."""

    def __init__(self, batch: list[Incoming]) -> None:
        self.now = timezone.now()
        self.book, self.threads = AddressBook.read(), Threads.read(batch)
        self.batch = self._with_free_tickets(batch)
        self.writers = {one.row.pk: self.book.writer(one.mail) for one in self.batch}
        self.customers: dict[str, Customer] = customers_of(
            writer for writer in self.writers.values() if writer is not None
        )
        self.files: Files = store_files(self.batch)
        tickets = {ticket.pk: ticket for one in self.batch if (ticket := self.threads.ticket_of(one))}
        self.known = Known.read(list(tickets.values()))
        self.ids = new_ids(count=len(self.batch), now=self.now) if self.batch else []

    def deliver(self, one: Incoming) -> None:
        """A double is kept, a follow-up joins its ticket, all else becomes a new one."""
        queue, ticket = self.book.queue_of(one.row, one.mail), self.threads.ticket_of(one)
        double = self._double(one, queue=queue, ticket=ticket)
        if double is not None:
            done(one.row, state=InboundMessage.DUPLICATE, action=InboundMessage.DUPLICATE, article=double)
        elif ticket is None:
            self._new(one, queue=queue)
        elif self._asks_new_ticket(one, ticket):
            self._new(one, queue=queue, instead_of=ticket)
        else:
            self._follow_up(one, ticket)

    def _with_free_tickets(self, batch: list[Incoming]) -> list[Incoming]:
        """Lock the tickets of all follow-ups at once; mail for one that somebody holds waits a little."""
        wanted = {one.row.pk: ticket.pk for one in batch if (ticket := self.threads.ticket_of(one))}
        free = {ticket.pk for ticket in lock_tickets(*wanted.values(), wait=False)} if wanted else set()
        busy = [one.row for one in batch if one.row.pk in wanted and wanted[one.row.pk] not in free]
        if busy:
            postpone(InboundMessage, rows=busy, until=self.now + BUSY_DELAY)
        return [one for one in batch if one.row not in busy]

    def _double(self, one: Incoming, *, queue: Queue, ticket: Ticket | None) -> Article | None:
        """The same mail by another way, where it would land in the same place: it is there already."""
        same = self.threads.same_mail(one)
        sender = one.mail.from_.address if one.mail.from_ else ""
        if same is None or same.from_address != sender or not same.text.startswith(one.mail.text):
            return None
        place = ticket.queue_id if ticket is not None else queue.pk
        return same if same.ticket.queue_id == place else None

    def _asks_new_ticket(self, one: Incoming, ticket: Ticket) -> bool:
        """The queue makes a new ticket of a follow-up on a closed one; a bounce always joins (OTRS 2.18)."""
        closed = ticket.state_type in CLOSED_TYPES
        return closed and ticket.queue.follow_up == Queue.FollowUp.NEW_TICKET and not one.mail.is_bounce

    def _new(self, one: Incoming, *, queue: Queue, instead_of: Ticket | None = None) -> None:
        writer = self.writers[one.row.pk]
        made = create_ticket(
            actor=Actor.mail(),
            queue=queue,
            title=one.mail.subject,
            customer=self.customers.get(writer.address) if writer else None,
            article=article_of(one, files=self.files.get(one.row.pk, ()), writer=writer),
            instead_of=instead_of,
            now=self.now,
            ids=self.ids.pop(0),
        )
        self._remember(made)
        done(one.row, state=InboundMessage.DELIVERED, action=NEW, article=made)

    def _follow_up(self, one: Incoming, ticket: Ticket) -> None:
        """Whom the ticket does not know joins it unseen by the customer, and the agent is warned."""
        writer = self.writers[one.row.pk]
        is_known = one.mail.is_bounce or (
            writer is not None and (self._is_new(ticket) or self.known.knows(writer.address, ticket=ticket))
        )
        refused = ticket.state_type in CLOSED_TYPES and ticket.queue.follow_up == Queue.FollowUp.REJECT
        made = add_follow_up(
            actor=Actor.mail(),
            ticket=ticket,
            article=article_of(
                one,
                files=self.files.get(one.row.pk, ()),
                writer=writer,
                is_visible=is_known,
                warning="" if is_known else UNKNOWN_SENDER,
            ),
            now=self.now,
            reopen=one.mail.is_bounce or not (refused or one.mail.is_automatic),
        )
        self._remember(made)
        done(one.row, state=InboundMessage.DELIVERED, action=FOLLOW_UP, article=made)

    def _is_new(self, ticket: Ticket) -> bool:
        """Whether this very batch made the ticket, so that nobody was looked up for it."""
        return ticket.pk not in self.known.by_ticket

    def _remember(self, made: Article) -> None:
        """A later mail of the batch may answer this one."""
        self.threads.by_number[made.ticket.number] = made.ticket
        if made.message_id:
            self.threads.by_message_id[made.message_id] = made
