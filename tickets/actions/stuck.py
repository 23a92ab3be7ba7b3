"""An answer that got stuck on its way out: an agent says that it left after all, or sends it again."""

from collections.abc import Callable
from datetime import datetime

from outbox.models import OutboundMessage
from outbox.queueing import mark_sent, send_again
from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.events import record
from tickets.changing.frame import begin
from tickets.changing.locking import atomic_action
from tickets.errors import NotStuck
from tickets.kinds import EventKind
from tickets.models import Article, Ticket


@atomic_action
def send_answer_again(*, actor: Actor, ticket: Ticket, article: Article, now: datetime) -> None:
    """Queue a refused, failed or doubtful answer afresh, for those who have not accepted it yet.

    Raises `NotAllowed`, `TicketBusy`, and `NotStuck` where there is nothing to send again (any more).
    """
    _decide(send_again, EventKind.SENT_AGAIN, actor=actor, ticket=ticket, article=article, now=now)


@atomic_action
def declare_answer_sent(*, actor: Actor, ticket: Ticket, article: Article, now: datetime) -> None:
    """Take a doubtful answer for sent: the agent knows that it arrived.

    Raises `NotAllowed`, `TicketBusy`, and `NotStuck` where nothing is in doubt (any more).
    """
    _decide(_declare_sent, EventKind.DECLARED_SENT, actor=actor, ticket=ticket, article=article, now=now)


def _declare_sent(message: OutboundMessage) -> bool:
    """Only where nobody knows: of a refused answer everybody knows that it did not arrive."""
    return message.state in (OutboundMessage.DOUBTFUL, OutboundMessage.HELD) and mark_sent(message)


def _decide(
    settle: Callable[[OutboundMessage], bool],
    kind: EventKind,
    *,
    actor: Actor,
    ticket: Ticket,
    article: Article,
    now: datetime,
) -> None:
    changes = begin(ticket, actor=actor, right=QueuePermission.Right.ALL, now=now, needs_lock=False)
    if article.outbound is None or not settle(article.outbound):
        raise NotStuck
    changes.deal_with_undelivered()
    if changes.fields:
        changes.save()
    record(ticket=changes.ticket, kind=kind, actor=actor, now=now, article=article)
