"""What became of a mail, recorded on its row."""

import logging

from django.utils import timezone

from mailgate.intake import DRAIN
from mailgate.models import InboundMessage
from tickets.models import Article
from work.claim import give_back, try_again
from work.ring import ring

logger = logging.getLogger(__name__)

NEW = "new"
FOLLOW_UP = "follow-up"
AGAIN = (InboundMessage.IGNORED, InboundMessage.DUPLICATE, InboundMessage.QUARANTINED)


def done(row: InboundMessage, *, state: str, action: str, article: Article) -> None:
    """Nothing is left to do for this mail; in the transaction of its effect."""
    logger.info(
        "mail %s <%s> is %s (%s): ticket %s, article %s",
        row.pk,
        row.message_id,
        state,
        action,
        article.ticket.number,
        article.pk,
    )
    _settle(row, state=state, action=action, article_id=article.pk, error="")


def ignore(row: InboundMessage, *, action: str) -> None:
    """Keep a mail that is no ticket's business."""
    logger.info("mail %s <%s> is ignored (%s)", row.pk, row.message_id, action)
    _settle(row, state=InboundMessage.IGNORED, action=action, article_id=None, error="")


def put_aside(row: InboundMessage) -> bool:
    """Let a mail in quarantine be, as a person has looked at it; its bytes stay. False for others."""
    mine = InboundMessage.objects.filter(pk=row.pk, state=InboundMessage.QUARANTINED)
    return bool(mine.update(state=InboundMessage.IGNORED))


def quarantine(row: InboundMessage, *, error: str) -> None:
    """Keep a mail that can't be delivered, with its bytes and why, until a person looks at it."""
    logger.error("mail %s <%s> is quarantined: %s", row.pk, row.message_id, error)
    _settle(
        row,
        state=InboundMessage.QUARANTINED,
        action=InboundMessage.QUARANTINED,
        article_id=None,
        error=error[:2000],
    )


def failed(row: InboundMessage, *, error: Exception) -> None:
    """Put a mail back after an error of ours, to be tried again later; the fourth try quarantines it."""
    give_back(row, error=f"{type(error).__name__}: {error}".replace("\0", ""), now=timezone.now())


def deliver_again(row: InboundMessage) -> bool:
    """Queue a quarantined, ignored or doubled mail afresh, as if it had just come in; False for others."""
    if row.state not in AGAIN:
        return False
    try_again(row, now=timezone.now())
    ring(DRAIN)
    return True


def _settle(row: InboundMessage, *, state: str, action: str, article_id: int | None, error: str) -> None:
    """Only while the lease is ours: a drain that took over must not be disturbed."""
    InboundMessage.objects.filter(pk=row.pk, lease=row.lease).update(
        state=state, action=action, article_id=article_id, last_error=error, lease=None, leased_until=None
    )
