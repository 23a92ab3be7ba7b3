"""Draining the outbox: claimed rows through their transport, each step recorded so that a crash can be read.

claimed: nothing has left. sending: committed directly before DATA. What is found `sending` after its lease
ran out is doubtful: nobody can know whether the server took it, so nobody but a person sends it again.
"""

import logging
import smtplib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from blobs.store import read_bytes
from outbox.models import OutboundMessage, Recipient, Transport
from outbox.smtp import DoubtError, Outcome, TransportError, connect, hand_over
from outbox.transports import default_transport, failed, worked
from work.claim import fail, give_back
from work.drain import drain
from work.rows import WorkRow

logger = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(minutes=10)
ATTEMPTS_MOST = 20  # with growing delay, capped at three hours: more than two days
NO_TRANSPORT_DELAY = timedelta(seconds=60)
Result = Recipient.Result


class _TakenOverError(Exception):
    """Our lease ran out while we spoke with the server; the mail is another worker's now."""


def send_due() -> int:
    """Send what is due; gives the number of mails tried."""
    mark_doubtful()
    return drain(OutboundMessage, work=_send_batch, batch=BATCH, lease=LEASE)


def mark_doubtful() -> int:
    """Mark mails whose worker died while they were leaving."""
    stuck = OutboundMessage.objects.filter(state=OutboundMessage.SENDING, leased_until__lte=timezone.now())
    return stuck.update(
        state=OutboundMessage.DOUBTFUL, last_error="the worker stopped while the mail was leaving", lease=None
    )


def _send_batch(messages: Sequence[OutboundMessage]) -> None:
    fallback = default_transport()
    transports = {transport.pk: transport for transport in Transport.objects.filter(is_active=True)}

    def of(message: OutboundMessage) -> int:
        return message.transport_id or (fallback.pk if fallback else 0)

    for transport_id, group in groupby(sorted(messages, key=of), key=of):
        if (transport := transports.get(transport_id)) is None:
            for message in group:
                give_back(
                    message,
                    error="no outgoing mail server is set up",
                    now=timezone.now(),
                    delay=NO_TRANSPORT_DELAY,
                )
        else:
            _send_by(transport, list(group))


def _send_by(transport: Transport, messages: Iterable[OutboundMessage]) -> None:
    """Send the mails of one transport over one connection, or over a new one after trouble."""
    line: smtplib.SMTP | None = None
    for message in messages:
        try:
            line = line or connect(transport)
            _send_one(line, message)
        except _TakenOverError:
            logger.warning("mail %s was taken over by another worker", message.message_id)
            _hang_up(line)
            line = None
        except TransportError as error:
            _hang_up(line)
            line = None
            failed(transport, error=str(error), now=timezone.now())
            _later(message, error=str(error))
        except DoubtError as error:
            _hang_up(line)
            line = None
            _finish(message, state=OutboundMessage.DOUBTFUL, error=str(error))
        else:
            worked(transport, now=timezone.now())
    if line is not None:
        _quit(line)


def _send_one(line: smtplib.SMTP, message: OutboundMessage) -> None:
    waiting = list(message.recipients.filter(result=Result.WAITING).values_list("address", flat=True))
    if not waiting:
        _finish(message, state=OutboundMessage.SENT)
        return

    def before_data() -> None:
        still_ours = OutboundMessage.objects.filter(
            pk=message.pk, lease=message.lease, state=WorkRow.CLAIMED, leased_until__gt=timezone.now()
        ).update(state=OutboundMessage.SENDING)
        if not still_ours:
            raise _TakenOverError

    outcome = hand_over(
        line,
        sender=message.sender,
        recipients=waiting,
        mime=read_bytes(message.mime_id),
        before_data=before_data,
    )
    _record(message, outcome)


def _record(message: OutboundMessage, outcome: Outcome) -> None:
    recipients = Recipient.objects.filter(message=message)
    # A mail may have come back before we are here.
    recipients.filter(address__in=outcome.accepted).exclude(result=Result.BOUNCED).update(
        result=Result.ACCEPTED
    )
    for address, reply in outcome.refused.items():
        recipients.filter(address=address).update(result=Result.REFUSED, reply=reply)
    for address, reply in outcome.deferred.items():
        recipients.filter(address=address).update(reply=reply)
    trouble = "; ".join(
        f"{address}: {reply}" for address, reply in (outcome.refused | outcome.deferred).items()
    )
    if outcome.deferred:
        _later(message, error=trouble)
    elif outcome.accepted or recipients.filter(result=Result.ACCEPTED).exists():
        _finish(message, state=OutboundMessage.SENT, error=trouble)
    else:
        _finish(message, state=OutboundMessage.REFUSED, error=trouble)


def _later(message: OutboundMessage, *, error: str) -> None:
    logger.warning("mail %s waits: %s", message.message_id, error)
    if message.attempts >= ATTEMPTS_MOST:
        fail(message, error=error, now=timezone.now())
    else:
        give_back(message, error=error, now=timezone.now())


def _finish(message: OutboundMessage, *, state: str, error: str = "") -> None:
    logger.info("mail %s is %s %s", message.message_id, state, error)
    OutboundMessage.objects.filter(pk=message.pk, lease=message.lease).update(
        state=state,
        last_error=error[:2000],
        sent_at=timezone.now() if state == OutboundMessage.SENT else None,
        lease=None,
        leased_until=None,
    )


def _hang_up(line: smtplib.SMTP | None) -> None:
    """Drop a line in the middle of a mail."""
    if line is not None:
        line.close()


def _quit(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()
