"""Putting finished mail into the outbox, taking it back, and deciding about what got stuck."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from blobs.spool import Data
from blobs.store import store_many
from outbox.models import OutboundMessage, Recipient, Transport
from work.ring import ring
from work.rows import WorkRow
from work.trace import current_trace, traced

logger = logging.getLogger(__name__)

SEND = "outbox.send"
STUCK = (OutboundMessage.REFUSED, WorkRow.FAILED, OutboundMessage.DOUBTFUL, WorkRow.HELD)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished mail to be queued; `dedupe_key` makes it once, `trace` says whose story it is part of."""

    mime: Data
    message_id: str
    sender: str
    recipients: Sequence[str]
    subject: str
    dedupe_key: str
    transport: Transport | None = None
    not_before: datetime | None = None
    trace: str = field(default_factory=current_trace)


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
    mail = Outgoing(
        mime=mime,
        message_id=message_id,
        sender=sender,
        recipients=recipients,
        subject=subject,
        dedupe_key=dedupe_key,
        transport=transport,
        not_before=not_before,
    )
    return enqueue_many([mail])[0]


@transaction.atomic
def enqueue_many(mails: Sequence[Outgoing]) -> list[OutboundMessage]:
    """Queue several mails, all or none, with the statements of one; gives a row for each, in their order."""
    if not all(mail.recipients for mail in mails):
        raise ValueError("a mail to nobody")
    rows = {row.dedupe_key: row for row in _known(mails)}
    new: dict[str, Outgoing] = {}
    for mail in mails:
        if mail.dedupe_key not in rows:
            new.setdefault(mail.dedupe_key, mail)
    rows |= {row.dedupe_key: row for row in _insert(list(new.values()))}
    return [rows[mail.dedupe_key] for mail in mails]


def _known(mails: Sequence[Outgoing]) -> QuerySet[OutboundMessage]:
    return OutboundMessage.objects.filter(dedupe_key__in=[mail.dedupe_key for mail in mails])


def _insert(mails: Sequence[Outgoing]) -> list[OutboundMessage]:
    blobs = store_many(mail.mime for mail in mails)
    rows = OutboundMessage.objects.bulk_create(
        OutboundMessage(
            mime=blob,
            message_id=mail.message_id,
            sender=mail.sender,
            subject=mail.subject[:300],
            dedupe_key=mail.dedupe_key,
            transport=mail.transport,
            not_before=mail.not_before or timezone.now(),
            trace=mail.trace,
        )
        for mail, blob in zip(mails, blobs, strict=True)
    )
    Recipient.objects.bulk_create(
        Recipient(message=row, address=address)
        for mail, row in zip(mails, rows, strict=True)
        for address in dict.fromkeys(mail.recipients)
    )
    for row in rows:
        with traced(row.trace):
            logger.info("mail <%s> waits to be sent", row.message_id)
            ring(SEND)
    return rows


@transaction.atomic
def cancel(message: OutboundMessage) -> bool:
    """Take a mail back; False once a worker has claimed it."""
    row = OutboundMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if row.state not in (WorkRow.QUEUED, WorkRow.HELD):
        return False
    row.last_error = OutboundMessage.DROPPED if row.state == WorkRow.HELD else row.last_error
    row.state = OutboundMessage.CANCELLED
    row.save(update_fields=["state", "last_error"])
    return True


@transaction.atomic
def send_again(message: OutboundMessage) -> bool:
    """Queue a refused, failed, doubtful or held mail afresh, to those who have not accepted it yet."""
    row = OutboundMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if row.state not in STUCK:
        return False
    row.recipients.exclude(result=Recipient.Result.ACCEPTED).update(result=Recipient.Result.WAITING, reply="")
    row.state, row.attempts, row.last_error = WorkRow.QUEUED, 0, ""
    row.retry_at, row.put_off_at, row.server_was_away = None, None, False
    row.save(update_fields=["state", "attempts", "last_error", "retry_at", "put_off_at", "server_was_away"])
    ring(SEND)
    return True


def try_now(message: OutboundMessage) -> bool:
    """Let a mail that waits after trouble wait no longer; False for one that waits for nothing of that kind.

    Never sooner than somebody asked: that is another column.
    """
    waiting = OutboundMessage.objects.filter(pk=message.pk, state=WorkRow.QUEUED).exclude(retry_at=None)
    is_changed = bool(waiting.update(retry_at=None, server_was_away=False))
    if is_changed:
        ring(SEND)
    return is_changed


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
