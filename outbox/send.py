"""Draining the outbox: claimed rows through their transport, each step recorded so that a crash can be read.

claimed: nothing has left. sending: committed directly before DATA. What is found `sending` after its lease
ran out is doubtful: nobody can know whether the server took it, so nobody but a person sends it again.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blobs.store import spooled
from outbox.models import OutboundMessage, Recipient, Transport
from outbox.sentences import DoubtError, TransportError, UnreachableError
from outbox.smtp import Replies, connect, hand_over
from outbox.transports import default_transport, note_failure, note_success
from outbox.undelivered import given_up, tell_undelivered
from work.away import AWAY, put_back
from work.claim import fail, give_back, postpone
from work.drain import drain
from work.locks import Lock, hold_lock
from work.rows import WorkRow
from work.trace import traced

logger = logging.getLogger(__name__)

BATCH = 10
ATTEMPTS_MOST = 22  # with growing delay, capped at three hours: more than two days
NO_TRANSPORT_DELAY = timedelta(seconds=60)
TROUBLE_DELAY = timedelta(seconds=30)
Result = Recipient.Result


class _TakenOverError(Exception):
    """Our lease ran out while we spoke with the server; the mail is another worker's now."""


def send_due() -> int:
    """Send what is due, one mail server after the other; gives the number of mails tried.

    One worker at a time speaks with a server: where that hangs, it keeps one worker from all other work, and
    the mails of another server go on.
    """
    mark_doubtful()
    default = default_transport()
    active = list(Transport.objects.filter(is_active=True).order_by("pk"))
    return sum(_drain_of(transport, active=active, default=default) for transport in (*active, None))


def _drain_of(transport: Transport | None, *, active: Sequence[Transport], default: Transport | None) -> int:
    """The mails of one server; None: those for which there is no server."""

    def work(messages: Sequence[OutboundMessage]) -> None:
        _send_batch(transport, messages)

    no_choice = Q(transport=None) if transport == default else Q(pk=None)
    mine = Q(transport=transport) if transport else ~Q(transport__in=active) & ~Q(transport=None)
    only = mine | no_choice
    if not _are_due(only):
        return 0
    with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=transport.pk if transport else 0) as is_ours:
        if not is_ours:
            return 0
        return drain(OutboundMessage, work=work, batch=BATCH, lease=settings.SEND_LEASE, only=only)


def _are_due(only: Q) -> bool:
    """Whether it is worth a turn, which costs a connection to the database."""
    due = OutboundMessage.due_condition(now=timezone.now())
    return OutboundMessage.objects.filter(only, due).exists()


def mark_doubtful() -> int:
    """Mark mails whose worker died while they were leaving."""
    stuck = OutboundMessage.objects.filter(state=OutboundMessage.SENDING, leased_until__lte=timezone.now())
    return stuck.update(
        state=OutboundMessage.DOUBTFUL, last_error="the worker stopped while the mail was leaving", lease=None
    )


def _send_batch(transport: Transport | None, messages: Sequence[OutboundMessage]) -> None:
    """Send claimed mails; when the database goes away, those that had not begun to leave can go at once."""
    try:
        if transport is None:
            _wait(messages, delay=NO_TRANSPORT_DELAY, error="no outgoing mail server is set up")
        else:
            _send_by(transport, messages)
    except AWAY:
        put_back(OutboundMessage, rows=messages)
        raise


def _wait(messages: Sequence[OutboundMessage], *, delay: timedelta, error: str = "") -> None:
    """Put claimed mails back as if they had not been tried."""
    if error:
        OutboundMessage.objects.filter(pk__in=[message.pk for message in messages]).update(last_error=error)
    postpone(OutboundMessage, rows=messages, until=timezone.now() + delay)


def _wait_for_server(messages: Sequence[OutboundMessage]) -> None:
    """Put back what the server's trouble keeps from being tried."""
    OutboundMessage.objects.filter(pk__in=[message.pk for message in messages]).update(server_was_away=True)
    _wait(messages, delay=TROUBLE_DELAY)


def _send_by(transport: Transport, messages: Sequence[OutboundMessage]) -> None:
    """Send the mails of one transport over one connection.

    After trouble the rest waits, as if it had not been tried: a time-out for each would keep the worker long.
    """
    line: smtplib.SMTP | None = None
    for place, message in enumerate(messages, start=1):
        with traced(message.trace):
            line = _try(transport, message, line=line)
        if line is None:
            _wait_for_server(messages[place:])
            return
    if line is not None:
        _quit(line)


def _try(transport: Transport, message: OutboundMessage, *, line: smtplib.SMTP | None) -> smtplib.SMTP | None:
    """Send one mail and give the line for the next; None after trouble."""
    if message.attempts > ATTEMPTS_MOST:  # an error fails it before that
        error = message.last_error or "Each time its worker stopped."
        _give_up(message, error=error, server_was_away=message.server_was_away)
        return line
    try:
        line = line or connect(transport)
        if _send_one(line, transport, message) and line.sock is not None:
            return line
    except _TakenOverError:
        logger.warning("mail <%s> was taken over by another worker", message.message_id)
    except UnreachableError as error:
        note_failure(transport, error=str(error), now=timezone.now())
        _later(message, error=str(error), server_was_away=True)
    except TransportError as error:
        is_the_servers = _blame(transport, message, error=str(error))
        _later(message, error=str(error), server_was_away=is_the_servers)
    except DoubtError as error:
        _finish(message, state=OutboundMessage.DOUBTFUL, error=str(error))
    except AWAY:
        _hang_up(line)
        raise
    except Exception as error:
        logger.exception("mail <%s> could not be sent", message.message_id)
        _unforeseen(message, error=error)
    _hang_up(line)
    return None


def _blame(transport: Transport, message: OutboundMessage, *, error: str) -> bool:
    """Whose trouble it is that a server would not have a mail: noted, and True, where it is the server's.

    It is the mail's own where the server has taken others since this one was first put off, and has no
    trouble that is known: each of those makes due what waits for the server, and this one would soon be
    given up.
    """
    working = Transport.objects.filter(pk=transport.pk, failing_since=None)
    if message.put_off_at is not None and working.filter(last_success__gt=message.put_off_at).exists():
        return False
    note_failure(transport, error=error, now=timezone.now())
    return True


def _unforeseen(message: OutboundMessage, *, error: Exception) -> None:
    """Whatever it is, the other mails go on; one that may have left is for a person to decide."""
    sentence = f"{type(error).__name__}: {error}"
    if message.state == OutboundMessage.SENDING:
        _finish(message, state=OutboundMessage.DOUBTFUL, error=sentence)
    else:
        _later(message, error=sentence)


def _send_one(line: smtplib.SMTP, transport: Transport, message: OutboundMessage) -> bool:
    """Whether the next mail is worth trying."""
    waiting = list(message.recipients.filter(result=Result.WAITING).values_list("address", flat=True))
    if not waiting:
        got_it = message.recipients.filter(result=Result.ACCEPTED).exists()
        _finish(message, state=OutboundMessage.SENT if got_it else OutboundMessage.REFUSED)
        return True

    def before_data() -> None:
        still_ours = OutboundMessage.objects.filter(
            pk=message.pk, lease=message.lease, state=WorkRow.CLAIMED, leased_until__gt=timezone.now()
        ).update(state=OutboundMessage.SENDING, leased_until=timezone.now() + settings.SEND_LEASE)
        if not still_ours:
            raise _TakenOverError
        message.state = OutboundMessage.SENDING

    replies = hand_over(
        line,
        sender=message.sender,
        recipients=waiting,
        mime=spooled(message.mime_id),
        before_data=before_data,
    )
    trouble = _trouble(replies)
    is_the_servers = replies.is_put_off and _blame(transport, message, error=trouble)
    _record(message, replies, server_was_away=is_the_servers)
    if replies.accepted:
        note_success(transport, now=timezone.now())
    return not is_the_servers


def _trouble(replies: Replies) -> str:
    not_accepted = replies.refused | replies.deferred
    return "; ".join(f"{address}: {reply}" for address, reply in not_accepted.items())


@transaction.atomic
def _record(message: OutboundMessage, replies: Replies, *, server_was_away: bool = False) -> None:
    """What the server said of each recipient; who it refused is told of in the same commit.

    Raises `_TakenOverError` where our lease ran out: then another one's word counts.
    """
    mine = OutboundMessage.objects.filter(pk=message.pk, lease=message.lease)
    if mine.select_for_update(no_key=True, of=("self",)).first() is None:
        raise _TakenOverError
    recipients = Recipient.objects.filter(message=message)
    # A mail may have come back before we are here.
    recipients.filter(address__in=replies.accepted).exclude(result=Result.BOUNCED).update(
        result=Result.ACCEPTED
    )
    for address, reply in replies.refused.items():
        recipients.filter(address=address).update(result=Result.REFUSED, reply=reply)
    for address, reply in replies.deferred.items():
        recipients.filter(address=address).update(reply=reply)
    trouble = _trouble(replies)
    tell_undelivered(message, failures=replies.refused)
    if replies.deferred:
        _later(message, error=trouble, server_was_away=server_was_away)
    elif replies.accepted or recipients.filter(result=Result.ACCEPTED).exists():
        _finish(message, state=OutboundMessage.SENT, error=trouble)
    else:
        _finish(message, state=OutboundMessage.REFUSED, error=trouble)


def _later(message: OutboundMessage, *, error: str, server_was_away: bool = False) -> None:
    logger.warning("mail <%s> waits: %s", message.message_id, error)
    if message.attempts >= ATTEMPTS_MOST:
        _give_up(message, error=error, server_was_away=server_was_away)
        return
    mine = OutboundMessage.objects.filter(pk=message.pk, lease=message.lease)
    put_off_at = message.put_off_at or timezone.now()
    mine.update(server_was_away=server_was_away, put_off_at=put_off_at)
    give_back(message, error=error, now=timezone.now())


@transaction.atomic
def _give_up(message: OutboundMessage, *, error: str, server_was_away: bool) -> None:
    logger.error("mail <%s> is given up: %s", message.message_id, error)
    mine = OutboundMessage.objects.filter(pk=message.pk, lease=message.lease)
    if mine.update(server_was_away=server_was_away):
        fail(message, error=error, now=timezone.now())
        tell_undelivered(message, failures=given_up(message))


def _finish(message: OutboundMessage, *, state: str, error: str = "") -> None:
    logger.info("mail <%s> is %s %s", message.message_id, state, error)
    OutboundMessage.objects.filter(pk=message.pk, lease=message.lease).update(
        state=state,
        last_error=error[:2000],
        server_was_away=False,
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
