"""The consumer 'autoresponse': what a queue answers by itself to a mail that came in (OTRS 6)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from mailgate.autoresponse.withhold import DAY, check, read_grounds
from mailgate.models import AutoResponseSent
from queues.models import AutoResponse
from queues.texts import auto_responses_of
from tickets.actions.auto_respond import (
    AutoAnswer,
    NoAnswer,
    auto_respond,
    withhold_answer,
    write_answer,
)
from tickets.actor import Actor
from tickets.changing.locking import lock_tickets
from tickets.errors import TicketBusy
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket
from tickets.queries.merges import merged_into
from tickets.reactions import React

ANSWERED_CHANNELS = (Article.Channel.EMAIL, Article.Channel.WEB)


@contextmanager
def answers(events: Sequence[Event]) -> Iterator[React]:
    """What answers one of these events, with what they share read once; in one transaction.

    It writes the queue's text for the event, or tells in the history why not; what was written is put into
    the database at the end, for all of them at once, or for none. Nothing happens where no text is linked,
    after what came from ourselves, and after what came by phone, unless it is to be confirmed. Safe to be run
    twice: the event's id is in the key of the outgoing mail. A ticket or an address that another holds raises
    `TicketBusy` or `BusyError`.
    """
    batch = _Answers(events, now=timezone.now())
    yield batch.respond
    batch.send()


class _Answers:
    """What the answers of one batch share: locked tickets, texts, and what was sent today."""

    def __init__(self, events: Sequence[Event], *, now: datetime) -> None:
        self.now = now
        self.written: list[AutoAnswer | NoAnswer] = []
        self.sent: list[AutoResponseSent] = []
        asked = [(event, event.article) for event in events if _came_in(event) and event.article]
        ids = [article.ticket_id for _event, article in asked]
        free = lock_tickets(*ids, wait=False) if ids else []
        # Of one that was merged meanwhile the article stands elsewhere now: it is read again.
        self.tickets = {ticket.pk: ticket for ticket in free if ticket.merged_into_id is None}
        self.merged = merged_into(self.tickets)
        self.texts = auto_responses_of({ticket.queue_id for ticket in self.tickets.values()})
        answered = [article for event, article in asked if self._text(event, article)]
        self.grounds = read_grounds(articles=answered, tickets=self.tickets, now=now)

    def respond(self, event: Event) -> None:
        """Answer one event; what is remembered of it counts for those after it, but only if it succeeds."""
        article = event.article
        if article is None or not _came_in(event):
            return
        if article.ticket_id not in self.tickets:
            raise TicketBusy
        response = self._text(event, article)
        if response is not None:
            self._respond(event, article, response=response)

    def send(self) -> None:
        """Put what was written into the database."""
        if self.written:
            auto_respond(actor=Actor.mail(), answers=self.written, now=self.now)
        AutoResponseSent.objects.bulk_create(self.sent, ignore_conflicts=True)

    def _respond(self, event: Event, article: Article, *, response: AutoResponse) -> None:
        ticket = self.tickets[article.ticket_id]
        checked = check(article=article, ticket=ticket, kind=response.kind, grounds=self.grounds)
        if checked.withheld is not None:
            self.written.append(
                withhold_answer(
                    ticket=ticket,
                    answered=article,
                    response=response,
                    reason=checked.withheld,
                    to=checked.to,
                )
            )
            return
        self.written.append(
            write_answer(
                ticket=ticket,
                answered=article,
                response=response,
                to=checked.to,
                key=f"autoresponse:{event.pk}",
                now=self.now,
                is_merged=ticket.pk in self.merged,
            )
        )
        self._remember(event, ticket, address=checked.address)

    def _text(self, event: Event, article: Article) -> AutoResponse | None:
        ticket = self.tickets.get(article.ticket_id)
        return self.texts.get((ticket.queue_id, _kind_of(event))) if ticket else None

    def _remember(self, event: Event, ticket: Ticket, *, address: str) -> None:
        self.grounds.count(address=address, ticket=ticket)
        self.sent.append(AutoResponseSent(event=event, ticket=ticket, address=address, at=self.now))


def forget_sent(*, now: datetime) -> None:
    """Drop what no limit counts any more."""
    AutoResponseSent.objects.filter(at__lt=now - 2 * DAY).delete()


def _came_in(event: Event) -> bool:
    """Whether somebody from outside said something, and did so in writing, or wants it to be confirmed."""
    article = event.article
    if article is None or article.direction != Article.Direction.IN:
        return False
    return article.channel in ANSWERED_CHANNELS or "receipt" in event.changes


def _kind_of(event: Event) -> str:
    if event.kind == EventKind.FOLLOW_UP:
        return AutoResponse.Kind.FOLLOW_UP
    if event.kind == EventKind.FOLLOW_UP_REFUSED:
        return AutoResponse.Kind.REJECT
    if "instead_of" in event.changes:
        return AutoResponse.Kind.NEW_AFTER_CLOSED
    return AutoResponse.Kind.NEW_TICKET
