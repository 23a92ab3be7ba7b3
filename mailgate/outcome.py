"""What became of a mail, recorded on its row."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from mailgate.intake import DRAIN
from mailgate.models import InboundMessage
from tickets.models import Article
from work.claim import give_back, try_again
from work.ring import ring

logger = logging.getLogger(__name__)

NEW = "new"
FOLLOW_UP = "follow-up"
DONE = """
UPDATE mailgate_inboundmessage AS row SET state = one.state, action = one.action,
    article_id = one.article, last_error = '', lease = NULL, leased_until = NULL
FROM unnest(%(ids)s::bigint[], %(leases)s::uuid[], %(states)s::text[], %(actions)s::text[],
    %(articles)s::bigint[]) AS one (id, lease, state, action, article)
WHERE row.id = one.id AND row.lease = one.lease
"""
AGAIN = (InboundMessage.IGNORED, InboundMessage.DUPLICATE, InboundMessage.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail for which nothing is left to do."""

    row: InboundMessage
    state: str
    action: str
    article: Article


def done(row: InboundMessage, *, state: str, action: str, article: Article) -> Outcome:
    """The outcome of a mail, to be recorded by `record_done` in the transaction of its effect."""
    logger.info(
        "mail %s <%s> is %s (%s): ticket %s, article %s",
        row.pk,
        row.message_id,
        state,
        action,
        article.ticket.number,
        article.pk,
    )
    return Outcome(row=row, state=state, action=action, article=article)


def record_done(outcomes: Sequence[Outcome]) -> None:
    """Record them all, in one statement, each only while its lease is ours."""
    if not outcomes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            DONE,
            {
                "ids": [one.row.pk for one in outcomes],
                "leases": [one.row.lease for one in outcomes],
                "states": [one.state for one in outcomes],
                "actions": [one.action for one in outcomes],
                "articles": [one.article.pk for one in outcomes],
            },
        )


def ignore(row: InboundMessage, *, action: str) -> None:
    """Keep a mail that is no ticket's business."""
    logger.info("mail %s <%s> is ignored (%s)", row.pk, row.message_id, action)
    _settle(row, state=InboundMessage.IGNORED, action=action, error="")


def put_aside(row: InboundMessage) -> bool:
    """Let a mail in quarantine be, as a person has looked at it; its bytes stay. False for others."""
    mine = InboundMessage.objects.filter(pk=row.pk, state=InboundMessage.QUARANTINED)
    return bool(mine.update(state=InboundMessage.IGNORED))


def quarantine(row: InboundMessage, *, error: str) -> None:
    """Keep a mail that can't be delivered, with its bytes and why, until a person looks at it."""
    logger.error("mail %s <%s> is quarantined: %s", row.pk, row.message_id, error)
    _settle(row, state=InboundMessage.QUARANTINED, action=InboundMessage.QUARANTINED, error=error[:2000])


def try_later(row: InboundMessage, *, reason: str) -> None:
    """Put a mail back after it failed, to be tried again later; the fourth try quarantines it."""
    give_back(row, error=reason.replace("\0", ""), now=timezone.now())


def deliver_again(row: InboundMessage) -> bool:
    """Queue a quarantined, ignored or doubled mail afresh, as if it had just come in; False for others."""
    if row.state not in AGAIN:
        return False
    try_again(row, now=timezone.now())
    ring(DRAIN)
    return True


def _settle(row: InboundMessage, *, state: str, action: str, error: str) -> None:
    """Without an article. Only while the lease is ours: a drain that took over must not be disturbed."""
    InboundMessage.objects.filter(pk=row.pk, lease=row.lease).update(
        state=state, action=action, article_id=None, last_error=error, lease=None, leased_until=None
    )
