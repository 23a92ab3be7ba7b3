"""The same mail for two queues: one ticket that says so, or two that know of each other.

The mail gate chooses: one ticket where people who may see both queues will find it, else one for each, so
that it is lost to nobody.
"""

from datetime import datetime

from queues.models import Queue
from tickets.actor import Actor
from tickets.changes import Side
from tickets.events import record
from tickets.kinds import Kind
from tickets.locking import atomic_action, lock_tickets
from tickets.models import AlsoReceived, Article, Ticket

NOTHING = Side(id=None, label="")


@atomic_action
def note_also_received(*, actor: Actor, article: Article, queue: Queue, now: datetime) -> None:
    """Tell that the mail of `article` came in for `queue`, too, and stands for both; once, however often."""
    (ticket,) = lock_tickets(article.ticket_id)
    _made, is_new = AlsoReceived.objects.get_or_create(article=article, queue=queue, defaults={"at": now})
    if is_new:
        changes = {"also_received": [NOTHING, Side(id=queue.pk, label=queue.name)]}
        record(ticket=ticket, kind=Kind.ALSO_RECEIVED, actor=actor, now=now, article=article, changes=changes)


@atomic_action
def link_same_mail(*, actor: Actor, one: Article, other: Article, now: datetime) -> None:
    """Let two tickets know that they began with the same mail, so that the second answer can be warned."""
    tickets = {ticket.pk: ticket for ticket in lock_tickets(one.ticket_id, other.ticket_id)}
    for article, elsewhere in ((one, other), (other, one)):
        _link(actor, article, elsewhere, tickets=tickets, now=now)


def _link(
    actor: Actor, article: Article, elsewhere: Article, *, tickets: dict[int, Ticket], now: datetime
) -> None:
    """The history names neither queue nor ticket: who reads it here may not see them there."""
    AlsoReceived.objects.update_or_create(
        article=article,
        queue=tickets[elsewhere.ticket_id].queue,
        defaults={"elsewhere": elsewhere},
        create_defaults={"elsewhere": elsewhere, "at": now},
    )
    changes = {"elsewhere": [NOTHING, Side(id=elsewhere.ticket_id, label="")]}
    record(
        ticket=tickets[article.ticket_id],
        kind=Kind.ALSO_RECEIVED,
        actor=actor,
        now=now,
        article=article,
        changes=changes,
    )
