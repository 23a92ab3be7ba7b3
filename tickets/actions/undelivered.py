"""An answer that did not arrive."""

from collections.abc import Mapping
from datetime import datetime

from outbox.bounced import mark_bounced
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Side
from tickets.changing.events import record
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.kinds import EventKind
from tickets.models import Article


@atomic_action
def note_undelivered(
    *, actor: Actor, answer: Article, report: Article, failures: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """Mark on the answer's outgoing mail who never got it, and tell so in the history.

    `report` is the article that says so; `failures`: address → why. Gives what is newly marked; the same
    report twice changes nothing.
    """
    (ticket,) = lock_tickets(answer.ticket_id)
    if answer.outbound is None:
        return {}
    marked = mark_bounced(answer.outbound, failures=failures)
    if marked:
        whom = "; ".join(f"{address}: {reason}" if reason else address for address, reason in marked.items())
        changes = {"undelivered": [NOTHING, Side(id=report.pk, label=whom)]}
        record(ticket=ticket, kind=EventKind.BOUNCED, actor=actor, now=now, article=answer, changes=changes)
    return marked
