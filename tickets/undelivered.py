"""Working off what the outbox could not deliver: the effect and the end of the row are one commit."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outbox.models import Undelivered
from tickets.actions.undelivered import note_settled, note_undelivered
from tickets.actor import Actor
from tickets.errors import TicketBusy
from tickets.models import Article
from work.away import AWAY, put_back
from work.claim import give_back, held, postpone
from work.drain import drain
from work.trace import traced

logger = logging.getLogger(__name__)

BATCH = 20
BUSY_DELAY = timedelta(seconds=1)


def note_all_undelivered() -> int:
    """Tell in its ticket of each answer that somebody will not get, or about which an admin has decided.

    Gives the number of rows taken up.
    """
    return drain(Undelivered, work=_work, batch=BATCH, lease=settings.CLAIM_LEASE)


def _work(rows: Sequence[Undelivered]) -> None:
    """One after another: they are few, and none is ever given up."""
    try:
        for row in rows:
            with traced(row.trace):
                _try(row)
    except AWAY:
        put_back(Undelivered, rows=rows)
        raise


def _try(row: Undelivered) -> None:
    now = timezone.now()
    try:
        _note(row)
    except TicketBusy:
        postpone(Undelivered, rows=[row], until=now + BUSY_DELAY)
    except AWAY:
        raise
    except Exception as error:
        logger.exception("that mail %s was not delivered could not be told", row.message_id)
        give_back(row, error=f"{type(error).__name__}: {error}", now=now)


@transaction.atomic
def _note(row: Undelivered) -> None:
    now = timezone.now()
    if not held(Undelivered, rows=[row], now=now):
        return
    answer = Article.objects.select_related("ticket").filter(outbound=row.message_id).first()
    if answer is None:
        pass  # a mail of KVV itself, of which the admins are told
    elif not row.failures:
        note_settled(actor=Actor.mail(), answer=answer, now=now)
    else:
        note_undelivered(actor=Actor.mail(), answer=answer, failures=row.failures, now=now)
    row.delete()
