"""Where each mail of a batch would go, found before anything is locked: its queue, its thread, its copies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from mailgate.delivery.copies import is_copy
from mailgate.delivery.route import read_address_book
from mailgate.parse import Address
from mailgate.reading.incoming import IncomingMail
from notify.aftercare import mails_by_ids
from notify.models import NotificationMail
from outbox.verp import message_ids_in
from queues.models import Queue
from tickets.letters.subjects import find_number
from tickets.models import CLOSED_TYPES, Article, Ticket
from tickets.queries.participants import begins_anew, refuses_follow_up
from tickets.queries.threads import articles_by_message_ids, main_ticket, tickets_by_numbers


@dataclass(frozen=True, slots=True)
class Lead:
    """What is known of a mail's place.

    `queue`: the one it is for; `promised`: all that one transfer of it named; `ticket`: the one its thread is
    in; `copies`: the articles that are this very mail, newest first; `own`: the article that it was when it
    left us, where it came back; `failed`: the article of ours that it reports as not delivered;
    `answers_unseen`: whether it answers a mail of ours that the customer did not get, as a notification;
    `told`: the mail to an agent that it is, or speaks of before any article: what somebody answers to that is
    between us, and what a machine does is nothing to keep;
    `goes_on_with`: the article that it goes on with, the nearest that we have of those it names;
    `answers_in`: the tickets (by id) in which it answers a mail of ours, or one that their customer sees.
    """

    mail: IncomingMail
    writer: Address | None
    queue: Queue
    promised: tuple[Queue, ...]
    ticket: Ticket | None
    copies: tuple[Article, ...]
    own: Article | None
    failed: Article | None
    answers_unseen: bool
    told: NotificationMail | None
    goes_on_with: Article | None
    answers_in: frozenset[int]

    @property
    def joins(self) -> Ticket | None:
        """The ticket that it becomes a part of; none where that is closed and its queue wants a new one then.

        A bounce joins it all the same (OTRS 2.18).
        """
        ticket = self.ticket
        if ticket is None or ticket.state_type not in CLOSED_TYPES or self.mail.parsed.is_bounce:
            return ticket
        return None if begins_anew(ticket) else ticket

    @property
    def closed(self) -> Ticket | None:
        """The ticket of its thread, where that is closed and refuses nothing, as none does a bounce."""
        ticket = self.ticket
        if ticket is None or ticket.state_type not in CLOSED_TYPES or self.mail.parsed.is_bounce:
            return None
        return None if refuses_follow_up(ticket) else ticket

    def tickets(self) -> set[int]:
        """The ids of those to be locked: its own, and those of copies that may be told of each other."""
        queue = self.joins.queue if self.joins is not None else self.queue
        is_for_more = any(promised.pk != queue.pk for promised in self.promised)
        told = (article for article in self.copies if is_for_more or article.ticket.queue_id != queue.pk)
        tickets = [main_ticket(article.ticket) for article in told]
        return {ticket.pk for ticket in (self.ticket, *tickets) if ticket is not None}

    def speaks_of(self) -> set[int]:
        """The ids of the tickets whose state its plan depends on."""
        copied = {article.ticket_id for article in self.copies}
        return copied | {self.ticket.pk} if self.ticket is not None else copied

    def queues(self) -> set[int]:
        """The ids of all queues in which it may land, or lies already."""
        tickets = [article.ticket for article in self.copies] + ([self.ticket] if self.ticket else [])
        landing = {queue.pk for queue in (self.queue, *self.promised)}
        return landing | {ticket.queue_id for ticket in tickets}


class Leads:
    """The leads of a batch, by what is read once for all of it: our addresses, tickets, articles.

    `locked`: the tickets, by id, that are under our lock by now.
    """

    def __init__(self, batch: Sequence[IncomingMail]) -> None:
        self._book = read_address_book()
        self._numbers = {mail.row.pk: find_number(mail.parsed.subject) for mail in batch}
        self._by_number = tickets_by_numbers({number for number in self._numbers.values() if number})
        self._by_id = articles_by_message_ids({name for mail in batch for name in mail.related})
        strange = {name for mail in batch for name in mail.related if name not in self._by_id}
        self._told = mails_by_ids(strange)
        self._new: set[str] = set()  # Message-IDs and numbers of what the batch itself has made
        self._changed: set[int] = set()  # the tickets in which it did
        self.locked: dict[int, Ticket] = {}
        self._leads = {mail.row.pk: self._lead(mail) for mail in batch}

    def of(self, mail: IncomingMail) -> Lead:
        """Found again where the batch itself has made what this mail answers or repeats."""
        return self._lead(mail) if self.has_new(mail) else self._leads[mail.row.pk]

    def has_new(self, mail: IncomingMail) -> bool:
        """Whether the batch itself has made what this mail of it speaks of, or changed its ticket."""
        names = (*mail.related, self._numbers[mail.row.pk] or "")
        tickets = self._leads[mail.row.pk].speaks_of()
        return not (self._new.isdisjoint(names) and self._changed.isdisjoint(tickets))

    def take_locked(self, locked: dict[int, Ticket]) -> None:
        """Know these tickets, by id, as they are under our lock."""
        self.locked |= locked
        for article in chain.from_iterable(self._by_id.values()):
            article.ticket = locked.get(article.ticket_id, article.ticket)
        for pk, lead in self._leads.items():
            self._leads[pk] = replace(lead, ticket=self._as_locked(lead.ticket))

    def remember(self, made: Sequence[Article]) -> None:
        """A later mail of the batch may answer what the batch has just made, be the same mail, or join it.

        The tickets of these articles are ours, and as they are now: a report may have opened one.
        """
        self.take_locked({article.ticket_id: article.ticket for article in made})
        for article in made:
            self._changed.add(article.ticket_id)
            self._by_number[article.ticket.number] = article.ticket
            self._new.add(article.ticket.number)
            if article.message_id:
                self._by_id.setdefault(article.message_id, []).insert(0, article)
                self._new.add(article.message_id)

    def _lead(self, mail: IncomingMail) -> Lead:
        heading = self._book.heading(mail)
        same_id = self._by_id.get(mail.parsed.message_id or "", [])
        return Lead(
            mail=mail,
            writer=heading.writer,
            queue=heading.queue,
            promised=heading.promised,
            ticket=self._as_locked(self._ticket_of(mail, queue=heading.queue)),
            copies=tuple(article for article in same_id if is_copy(mail, article)),
            own=_sent(same_id) if heading.is_from_us else None,
            failed=self._failed(mail),
            answers_unseen=self._answers_unseen(mail),
            told=self._told_by(mail),
            goes_on_with=self._goes_on_with(mail),
            answers_in=self._answers_in(mail),
        )

    def _as_locked(self, ticket: Ticket | None) -> Ticket | None:
        return self.locked.get(ticket.pk, ticket) if ticket is not None else None

    def _ticket_of(self, mail: IncomingMail, *, queue: Queue) -> Ticket | None:
        """The ticket of the mail a bounce reports, else by number in the subject, else of what it answers.

        Only ids that are stored count: ours, which nobody can guess, and those of mails that came in. Where
        several articles have one id, ours is meant, which a stranger may have copied; else the one in
        `queue`, for which the mail came in; else the newest.
        """
        told = self._told_by(mail)
        if told is not None:
            return main_ticket(told.ticket) if told.ticket is not None else None
        number = self._numbers[mail.row.pk]
        return (
            self._by_ids(mail.reported, queue=queue)
            or (self._by_number.get(number) if number else None)
            or self._by_ids(mail.answered, queue=queue)
        )

    def _by_ids(self, message_ids: Sequence[str], *, queue: Queue) -> Ticket | None:
        known = next((self._by_id[name] for name in message_ids if name in self._by_id), None)
        if known is None:
            return None
        ours = (article for article in known if article.outbound_id)
        for_queue = (article for article in known if article.ticket.queue_id == queue.pk)
        return main_ticket(next(chain(ours, for_queue, known)).ticket)

    def _failed(self, mail: IncomingMail) -> Article | None:
        """Only our own signature tells which it was; and its token, where we sent it with one."""
        if mail.report is None or not mail.report.is_final or not mail.is_proven:
            return None
        articles = chain.from_iterable(self._by_id.get(name, ()) for name in mail.reported)
        article = next((article for article in articles if article.outbound_id), None)
        if article is None or article.outbound is None:
            return None
        asked = message_ids_in(article.outbound.sender)
        return None if asked and article.message_id not in mail.by_token else article

    def _answers_unseen(self, mail: IncomingMail) -> bool:
        if mail.ours is None:
            return False
        sent = (article for article in self._by_id.get(mail.ours, ()) if article.outbound_id)
        return not any(article.is_visible for article in sent)

    def _told_by(self, mail: IncomingMail) -> NotificationMail | None:
        if mail.parsed.message_id in self._told:
            return self._told[mail.parsed.message_id]
        known = next((name for name in mail.answered if name in self._by_id or name in self._told), "")
        return self._told.get(known)

    def _goes_on_with(self, mail: IncomingMail) -> Article | None:
        """Ours, where somebody has copied its id."""
        known = next((self._by_id[name] for name in mail.answered if name in self._by_id), [])
        return next(chain((article for article in known if article.outbound_id), known), None)

    def _answers_in(self, mail: IncomingMail) -> frozenset[int]:
        """Not where it only goes on with what somebody wrote whom that ticket does not know."""
        answered = chain.from_iterable(self._by_id.get(name, ()) for name in mail.answered)
        told = (article for article in answered if article.outbound_id or article.is_visible)
        return frozenset(main_ticket(article.ticket).pk for article in told)


def _sent(articles: Iterable[Article]) -> Article | None:
    return next((article for article in articles if article.direction == Article.Direction.OUT), None)
