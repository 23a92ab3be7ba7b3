"""Putting finished mail into the outbox, taking it back, and deciding about what got stuck."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from blobs.store import store_bytes
from outbox.models import OutboundMessage, Recipient, Transport
from work.ring import ring
from work.rows import WorkRow

logger = logging.getLogger(__name__)

SEND = "outbox.send"
STUCK = (OutboundMessage.REFUSED, WorkRow.FAILED, OutboundMessage.DOUBTFUL)


@transaction.atomic
def enqueue(
    *,
    mime: bytes,
    message_id: str,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    dedupe_key: str,
    transport: Transport | None = None,
    not_before: datetime | None = None,
) -> OutboundMessage:
    """Queue a finished mail, in the caller's transaction, and ring when that is committed.

    The same `dedupe_key` gives the row that is there already: a task that runs twice sends once.
    """
    if not recipients:
        raise ValueError("a mail to nobody")
    if (first := OutboundMessage.objects.filter(dedupe_key=dedupe_key).first()) is not None:
        return first
    message = OutboundMessage.objects.create(
        mime=store_bytes(mime),
        message_id=message_id,
        sender=sender,
        subject=subject[:300],
        dedupe_key=dedupe_key,
        transport=transport,
        not_before=not_before or timezone.now(),
    )
    Recipient.objects.bulk_create(
        Recipient(message=message, address=address) for address in dict.fromkeys(recipients)
    )
    logger.info("mail <%s> waits to be sent", message_id)
    ring(SEND)
    return message


@transaction.atomic
def cancel(message: OutboundMessage) -> bool:
    """Take a mail back; False once a worker has claimed it."""
    row = OutboundMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if row.state != WorkRow.QUEUED:
        return False
    row.state = OutboundMessage.CANCELLED
    row.save(update_fields=["state"])
    return True


@transaction.atomic
def send_again(message: OutboundMessage) -> bool:
    """Queue a refused, failed or doubtful mail afresh, to those who have not accepted it yet."""
    row = OutboundMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if row.state not in STUCK:
        return False
    row.recipients.exclude(result=Recipient.Result.ACCEPTED).update(result=Recipient.Result.WAITING, reply="")
    row.state, row.attempts, row.not_before, row.last_error = WorkRow.QUEUED, 0, timezone.now(), ""
    row.save(update_fields=["state", "attempts", "not_before", "last_error"])
    ring(SEND)
    return True


@transaction.atomic
def mark_sent(message: OutboundMessage, *, at: datetime | None = None) -> bool:
    """Say that a mail that waits or got stuck has left after all; False for one that is being sent."""
    row = OutboundMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if row.state not in (*STUCK, WorkRow.QUEUED):
        return False
    row.recipients.filter(result=Recipient.Result.WAITING).update(result=Recipient.Result.ACCEPTED)
    row.state, row.sent_at = OutboundMessage.SENT, at or timezone.now()
    row.save(update_fields=["state", "sent_at"])
    return True
