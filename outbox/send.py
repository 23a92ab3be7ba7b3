"""Draining the outbox: claimed rows through their transport, each step recorded so that a crash can be read.

claimed: nothing has left. sending: committed directly before DATA. What is found `sending` after its lease
ran out is doubtful: nobody can know whether the server took it, so nobody but a person sends it again.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.utils import timezone

from blobs.store import read_bytes
from outbox.models import OutboundMessage, Recipient, Transport
from outbox.smtp import DoubtError, Outcome, TransportError, connect, hand_over
from outbox.transports import default_transport, failed, worked
from work.away import AWAY, put_back
from work.claim import fail, give_back, postpone
from work.drain import drain
from work.rows import WorkRow
from work.trace import traced

logger = logging.getLogger(__name__)

BATCH = 10
ATTEMPTS_MOST = 20  # with growing delay, capped at three hours: more than two days
NO_TRANSPORT_DELAY = timedelta(seconds=60)
UNREACHABLE_DELAY = timedelta(seconds=30)
Result = Recipient.Result


class _TakenOverError(Exception):
    """Our lease ran out while we spoke with the server; the mail is another worker's now."""


def send_due() -> int:
    """Send what is due; gives the number of mails tried."""
    mark_doubtful()
    return drain(OutboundMessage, work=_send_batch, batch=BATCH, lease=settings.SEND_LEASE)


def mark_doubtful() -> int:
    """Mark mails whose worker died while they were leaving."""
    stuck = OutboundMessage.objects.filter(state=OutboundMessage.SENDING, leased_until__lte=timezone.now())
    return stuck.update(
        state=OutboundMessage.DOUBTFUL, last_error="the worker stopped while the mail was leaving", lease=None
    )


def _send_batch(messages: Sequence[OutboundMessage]) -> None:
    """Send claimed mails; when the database goes away, those that had not begun to leave can go at once."""
    try:
        _send_all(messages)
    except AWAY:
        put_back(OutboundMessage, rows=messages)
        raise


def _send_all(messages: Sequence[OutboundMessage]) -> None:
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


def _send_by(transport: Transport, messages: Sequence[OutboundMessage]) -> None:
    """Send the mails of one transport over one connection, or over a new one after trouble.

    A server that can't be reached is not asked once more for each mail: ten time-outs would keep the worker
    from all other work. The others wait, as if they had not been tried.
    """
    line: smtplib.SMTP | None = None
    for place, message in enumerate(messages, start=1):
        with traced(message.trace):
            try:
                line = line or connect(transport)
            except TransportError as error:
                _trouble(transport, message, error=error)
                postpone(OutboundMessage, rows=messages[place:], until=timezone.now() + UNREACHABLE_DELAY)
                return
            line = _try(transport, message, line=line)
    if line is not None:
        _quit(line)


def _try(transport: Transport, message: OutboundMessage, *, line: smtplib.SMTP) -> smtplib.SMTP | None:
    """Send one mail and give the line for the next; None where a new one is needed."""
    try:
        _send_one(line, message)
    except _TakenOverError:
        logger.warning("mail <%s> was taken over by another worker", message.message_id)
    except TransportError as error:
        _trouble(transport, message, error=error)
    except DoubtError as error:
        _finish(message, state=OutboundMessage.DOUBTFUL, error=str(error))
    except AWAY:
        _hang_up(line)
        raise
    else:
        worked(transport, now=timezone.now())
        return line
    _hang_up(line)
    return None


def _trouble(transport: Transport, message: OutboundMessage, *, error: TransportError) -> None:
    failed(transport, error=str(error), now=timezone.now())
    _later(message, error=str(error))


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
    logger.warning("mail <%s> waits: %s", message.message_id, error)
    if message.attempts >= ATTEMPTS_MOST:
        fail(message, error=error, now=timezone.now())
    else:
        give_back(message, error=error, now=timezone.now())


def _finish(message: OutboundMessage, *, state: str, error: str = "") -> None:
    logger.info("mail <%s> is %s %s", message.message_id, state, error)
    OutboundMessage.objects.filter(pk=message.pk, lease=message.lease).update(
        state=state,
        last_error=error[:2000],
        sent_at=timezone.now() if state == OutboundMessage.SENT else None,
        lease=None,
        leased_until=None,
    )


def _hang_up(line: smtplib.SMTP) -> None:
    """Drop a line in the middle of a mail."""
    line.close()


def _quit(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()
