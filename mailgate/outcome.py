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
from work.trace import traced

logger = logging.getLogger(__name__)

NEW = "new"
FOLLOW_UP = "follow-up"
CANARY = "canary"
TOLD = "notification"
SETTLE = """
UPDATE mailgate_inboundmessage AS row SET state = ending.state, action = ending.action,
    article_id = ending.article, last_error = '', lease = NULL, leased_until = NULL
FROM unnest(%(ids)s::bigint[], %(leases)s::uuid[], %(states)s::text[], %(actions)s::text[],
    %(articles)s::bigint[]) AS ending (id, lease, state, action, article)
WHERE row.id = ending.id AND row.lease = ending.lease
"""
AGAIN = (InboundMessage.IGNORED, InboundMessage.DUPLICATE, InboundMessage.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a mail for which nothing is left to do; `article`: what it became, or was already."""

    row: InboundMessage
    state: str
    action: str
    article: Article | None


def record_settled(settled: Sequence[Settled]) -> None:
    """Record them all, in one statement, in the transaction of their effect; each while its lease is ours."""
    if not settled:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLE,
            {
                "ids": [ending.row.pk for ending in settled],
                "leases": [ending.row.lease for ending in settled],
                "states": [ending.state for ending in settled],
                "actions": [ending.action for ending in settled],
                "articles": [ending.article.pk if ending.article else None for ending in settled],
            },
        )
    for ending in settled:
        _tell(ending)


def put_aside(row: InboundMessage) -> bool:
    """Let a mail in quarantine be, as a person has looked at it; its bytes stay. False for others."""
    mine = InboundMessage.objects.filter(pk=row.pk, state=InboundMessage.QUARANTINED)
    return bool(mine.update(state=InboundMessage.IGNORED))


def quarantine(row: InboundMessage, *, error: str) -> None:
    """Keep a mail that can't be delivered, with its bytes and why, until a person looks at it."""
    _settle(row, state=InboundMessage.QUARANTINED, action=InboundMessage.QUARANTINED, error=error[:2000])
    with traced(row.trace):
        logger.error("mail %s <%s> is quarantined: %s", row.pk, row.message_id, error)


def try_later(row: InboundMessage, *, reason: str) -> None:
    """Put a mail back after it failed, to be tried again later; the fourth try quarantines it.

    One without a reason has met no error, and may be tried more often.
    """
    give_back(row, error=reason.replace("\0", ""), now=timezone.now())


def deliver_again(row: InboundMessage) -> bool:
    """Queue a quarantined, ignored or doubled mail afresh, as if it had just come in.

    False for others, and for one of which somebody else has said so since `row` was read.
    """
    if row.state not in AGAIN or not try_again(row, now=timezone.now()):
        return False
    ring(DRAIN)
    return True


def _tell(ending: Settled) -> None:
    row, article = ending.row, ending.article
    with traced(row.trace):
        logger.info(
            "mail %s <%s> is %s (%s): ticket %s, article %s",
            row.pk,
            row.message_id,
            ending.state,
            ending.action,
            article.ticket.number if article else "-",
            article.pk if article else "-",
        )


def _settle(row: InboundMessage, *, state: str, action: str, error: str) -> None:
    """Without an article. Only while the lease is ours: a drain that took over must not be disturbed."""
    InboundMessage.objects.filter(pk=row.pk, lease=row.lease).update(
        state=state, action=action, article_id=None, last_error=error, lease=None, leased_until=None
    )
