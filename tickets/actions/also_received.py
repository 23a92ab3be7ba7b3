"""The same mail for two queues: one ticket that says so, or two that know of each other.

The mail gate chooses: one ticket where people who may see both queues will find it, else one for each, so
that it is lost to nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

from queues.models import Queue
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Side
from tickets.changing.events import NewEvent, record, record_all
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import EventKind
from tickets.models import AlsoReceived, Article, Ticket


@atomic_action
def note_also_received(*, actor: Actor, article: Article, queue: Queue, now: datetime) -> None:
    """Tell that the mail of `article` came in for `queue`, too, and stands for both; once, however often."""
    (ticket,) = lock_tickets(article.ticket_id)
    _made, is_new = AlsoReceived.objects.get_or_create(article=article, queue=queue, defaults={"at": now})
    if is_new:
        changes = {"also_received": [NOTHING, Side(id=queue.pk, label=queue.name)]}
        record(
            ticket=ticket,
            kind=EventKind.ALSO_RECEIVED,
            actor=actor,
            now=now,
            article=article,
            changes=changes,
        )


@atomic_action
def link_same_mail(
    *, actor: Actor, made: Sequence[Article], copies: Sequence[Article], now: datetime
) -> None:
    """Let tickets know that they have the same mail, so that the second answer can be warned.

    `made`: the articles it became just now, each of which is linked with each other one; `copies`: what it
    had become before, linked with each other already.
    """
    articles = {article.pk: article for article in (*copies, *made)}
    if len(articles) < 2:
        return
    tickets = {
        ticket.pk: ticket for ticket in lock_tickets(*(article.ticket_id for article in articles.values()))
    }
    new = {article.pk for article in made}
    links: dict[tuple[int, int], AlsoReceived] = {}
    for article, elsewhere in permutations(articles.values(), 2):
        if new & {article.pk, elsewhere.pk}:
            queue = tickets[elsewhere.ticket_id].queue_id
            links[article.pk, queue] = AlsoReceived(
                article=article, queue_id=queue, elsewhere=elsewhere, at=now
            )
    AlsoReceived.objects.bulk_create(
        links.values(),
        update_conflicts=True,
        unique_fields=["article", "queue"],
        update_fields=["elsewhere"],
    )
    events = [_event_of(article, tickets[article.ticket_id]) for article in articles.values()]
    record_all(events, actor=actor, now=now)


def _event_of(article: Article, ticket: Ticket) -> NewEvent:
    """The history names neither queue nor ticket: who reads it here may not see them there."""
    changes = {"elsewhere": [NOTHING, Side(id=None, label="")]}
    return NewEvent(ticket=ticket, kind=EventKind.ALSO_RECEIVED, article=article, changes=changes)
