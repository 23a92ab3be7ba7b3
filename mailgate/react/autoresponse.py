"""The consumer 'autoresponse': what a queue answers by itself to a mail that came in (OTRS 6)."""

from datetime import datetime

from django.utils import timezone

from mailgate.models import AutoResponseSent
from mailgate.react.withhold import DAY, check
from queues.models import AutoResponse
from queues.texts import auto_response_of
from tickets.actions.auto_respond import auto_respond, withhold_response
from tickets.actor import Actor
from tickets.kinds import Kind
from tickets.locking import lock_tickets
from tickets.models import Article, Event

ANSWERED_CHANNELS = (Article.Channel.EMAIL, Article.Channel.WEB)


def respond(event: Event) -> None:
    """Send the queue's text for this event, or tell in the history why not.

    Nothing happens where no text is linked, and after what came by phone or from ourselves. Safe to be run
    twice: the event's id is in the key of the outgoing mail.
    """
    article = event.article
    if article is None or not _came_in(article):
        return
    (ticket,) = lock_tickets(article.ticket_id)
    response = auto_response_of(ticket.queue, kind=_kind_of(event))
    if response is None:
        return
    now = timezone.now()
    checked = check(article=article, ticket=ticket, kind=response.kind, now=now)
    if checked.withheld is not None:
        withhold_response(
            actor=Actor.mail(),
            answered=article,
            response=response,
            reason=checked.withheld,
            to=checked.to,
            now=now,
        )
        return
    auto_respond(
        actor=Actor.mail(),
        answered=article,
        response=response,
        to=checked.to,
        key=f"autoresponse:{event.pk}",
        now=now,
    )
    AutoResponseSent.objects.get_or_create(
        event=event, defaults={"ticket": ticket, "address": checked.address, "at": now}
    )


def forget_sent(*, now: datetime) -> None:
    """Drop what no limit counts any more."""
    AutoResponseSent.objects.filter(at__lt=now - 2 * DAY).delete()


def _came_in(article: Article) -> bool:
    return article.direction == Article.Direction.IN and article.channel in ANSWERED_CHANNELS


def _kind_of(event: Event) -> str:
    if event.kind == Kind.FOLLOW_UP:
        return AutoResponse.Kind.FOLLOW_UP
    if event.kind == Kind.FOLLOW_UP_REFUSED:
        return AutoResponse.Kind.REJECT
    if "instead_of" in event.changes:
        return AutoResponse.Kind.NEW_AFTER_CLOSED
    return AutoResponse.Kind.NEW_TICKET
