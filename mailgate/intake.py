"""Taking mail in: its bytes and a row of work, committed before anybody is told that we have it.

The row is a ledger entry too. What makes two arrivals the same one depends on the way in: a mailbox gives
each message an identity (mailbox, uidvalidity, uid); the listener and the pipe know only what they got, so
there the digest of the received bytes within seven days decides, together with the queue and the recipients
they came for, and only where the mail has a Message-ID: without one nothing is a double. The same bytes
decide where a mailbox has given all its messages new names (a new UIDVALIDITY, other UIDLs). A suspected
double is kept in state `duplicate`, never dropped.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from blobs.models import Blob
from blobs.spool import Data
from blobs.store import store_many
from mailgate.models import InboundMessage, Mailbox
from mailgate.parse.ids import own_id
from queues.models import Queue
from work.ring import ring
from work.trace import new_trace, traced

logger = logging.getLogger(__name__)

DRAIN = "mailgate.deliver"
BATCH = 20
HEAD_BYTES = 1024 * 1024
SAME_MAIL_FOR = timedelta(days=7)
MESSAGE_ID = re.compile(rb"^message-id:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
WITHOUT_IDENTITY = (InboundMessage.Way.LISTENER, InboundMessage.Way.PIPE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it was handed to us. `uid_identity` is set where a mailbox gives one.

    `full_size`: bytes of the original, where `raw` is only its beginning because it is too big for us.
    `is_old`: it lay in its mailbox before that was confirmed, so that nobody gets a reaction to it.
    """

    raw: Data
    way: str
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    mailbox: Mailbox | None = None
    uid_identity: str | None = None
    queue: Queue | None = None
    full_size: int | None = None
    is_old: bool = False


def take_in(
    *,
    raw: Data,
    way: str,
    envelope_from: str = "",
    envelope_to: Iterable[str] = (),
    mailbox: Mailbox | None = None,
    uid_identity: str | None = None,
    queue: Queue | None = None,
) -> InboundMessage:
    """Keep one mail; committed when this returns, and only then may the sender's side be told.

    Raises what the database raises: then nothing was kept and the sender's side must try again.
    """
    arrival = Arrival(
        raw=raw,
        way=way,
        envelope_from=envelope_from,
        envelope_to=tuple(envelope_to),
        mailbox=mailbox,
        uid_identity=uid_identity,
        queue=queue,
    )
    return take_in_many([arrival])[0]


def take_in_many(arrivals: Sequence[Arrival], *, lease: UUID | None = None) -> list[InboundMessage]:
    """Keep several in one commit (callers give at most `BATCH`), and give the row of each, in order.

    An arrival that the ledger knows by its mailbox identity gives the row that is there. With `lease` the
    new rows are born claimed by the caller, who delivers them; without, the drain is rung. When another
    process takes in the same mail at this very moment, the whole is done again, and finds it there.
    """
    try:
        return _take_in(arrivals, lease=lease)
    except IntegrityError:
        return _take_in(arrivals, lease=lease)


@transaction.atomic(durable=True)
def _take_in(arrivals: Sequence[Arrival], *, lease: UUID | None) -> list[InboundMessage]:
    now = timezone.now()
    blobs = store_many(arrival.raw for arrival in arrivals)
    rows = [_row(arrival, blob=blob, now=now) for arrival, blob in zip(arrivals, blobs, strict=True)]
    ledger = _ledger(rows)
    rows = [ledger.setdefault(row.identity, row) if _is_named(row) else row for row in rows]
    new = list({id(row): row for row in rows if row.pk is None}.values())
    _mark_doubles(new, now=now)
    _mark_renamed(new)
    if lease is not None:
        _claim(new, lease=lease, now=now)
    InboundMessage.objects.bulk_create(new)
    transaction.on_commit(lambda: _tell(new))
    if new and lease is None:
        ring(DRAIN)
    return rows


def _tell(rows: Sequence[InboundMessage]) -> None:
    """A line a mail: from here on its trace leads through the log."""
    for row in rows:
        with traced(row.trace):
            recipients = ", ".join(str(address) for address in row.envelope_to)
            logger.info(
                "kept mail %s (%s, by %s) <%s> from <%s> for %s",
                row.pk,
                row.state,
                f"mailbox {row.mailbox}" if row.mailbox else row.way,
                row.message_id,
                row.envelope_from,
                recipients or "-",
            )


def _row(arrival: Arrival, *, blob: Blob, now: datetime) -> InboundMessage:
    row = InboundMessage(
        way=arrival.way,
        identity=arrival.uid_identity,
        digest=bytes(blob.sha256).hex(),
        raw=blob,
        mailbox=arrival.mailbox,
        queue=arrival.queue,
        envelope_from=_storable(arrival.envelope_from),
        envelope_to=[_storable(address) for address in arrival.envelope_to],
        message_id=find_message_id(arrival.raw),
        full_size=arrival.full_size,
        is_old=arrival.is_old,
        trace=new_trace(),
        received=now,
        not_before=now,
    )
    if row.identity is None and row.message_id:
        row.identity = _identity(row, now=now)
    return row


def _identity(row: InboundMessage, *, now: datetime) -> str:
    """The bytes hold the Message-ID, so their digest stands for both; the week lets it come again."""
    year, week, _ = now.isocalendar()
    place = hashlib.sha256(repr(_arrived_for(row)).encode()).hexdigest()[:32]
    return f"{row.digest}:{place}:{year}-{week}"


def _arrived_for(row: InboundMessage) -> tuple[str, int | None, tuple[str, ...]]:
    """What makes two arrivals the same one: a mail server that tries again asks for the same place."""
    return row.digest, row.queue_id, tuple(sorted(row.envelope_to))


def _is_named(row: InboundMessage) -> bool:
    return row.identity is not None and row.way not in WITHOUT_IDENTITY


def _ledger(rows: Sequence[InboundMessage]) -> dict[str | None, InboundMessage]:
    """The rows that are there already for messages of a mailbox, by identity."""
    wanted = [row.identity for row in rows if _is_named(row)]
    if not wanted:
        return {}
    return {row.identity: row for row in InboundMessage.objects.filter(identity__in=wanted)}


def _mark_doubles(rows: Sequence[InboundMessage], *, now: datetime) -> None:
    """Turn what the listener or the pipe brought before, or twice now, into kept doubles."""
    suspects = [row for row in rows if row.way in WITHOUT_IDENTITY and row.identity]
    if not suspects:
        return
    earlier = InboundMessage.objects.filter(
        digest__in=[row.digest for row in suspects],
        way__in=WITHOUT_IDENTITY,
        received__gt=now - SAME_MAIL_FOR,
    )
    seen = {_arrived_for(row) for row in earlier.only("digest", "queue_id", "envelope_to")}
    for row in suspects:
        if _arrived_for(row) in seen:
            row.identity, row.state, row.action = None, InboundMessage.DUPLICATE, InboundMessage.DUPLICATE
        seen.add(_arrived_for(row))


def _mark_renamed(rows: Sequence[InboundMessage]) -> None:
    """Turn into kept doubles what the same mailbox gave us before under another name."""
    suspects = [row for row in rows if row.mailbox_id and row.message_id and _is_named(row)]
    if not suspects:
        return
    namings: dict[tuple[int | None, str], set[str]] = {}
    earlier = InboundMessage.objects.filter(
        digest__in=[row.digest for row in suspects], mailbox__in={row.mailbox_id for row in suspects}
    )
    for mailbox_id, digest, identity in earlier.values_list("mailbox_id", "digest", "identity"):
        namings.setdefault((mailbox_id, digest), set()).add(_names(identity or ""))
    for row in suspects:
        known, names = namings.setdefault((row.mailbox_id, row.digest), set()), _names(row.identity or "")
        if known - {names} or (known and row.way == InboundMessage.Way.POP3):
            row.state = row.action = InboundMessage.DUPLICATE
        known.add(names)


def _names(identity: str) -> str:
    """Which naming an identity belongs to.

    Within one, two names of IMAP mean two messages (RFC 9051, 2.3.1.1). POP3 does not say when names change.
    """
    return identity.rpartition(":")[0]


def _claim(rows: Sequence[InboundMessage], *, lease: UUID, now: datetime) -> None:
    for row in rows:
        if row.state == InboundMessage.QUEUED:
            row.state, row.attempts = InboundMessage.CLAIMED, 1
            row.lease, row.leased_until = lease, now + settings.CLAIM_LEASE
            row.together = len(rows) > 1


def find_message_id(raw: Data) -> str:
    """The mail's Message-ID without its brackets, read from its head alone; '' where it has none."""
    head = raw[:HEAD_BYTES]
    end = re.search(rb"\r?\n\r?\n", head)
    header = MESSAGE_ID.search(head, 0, end.start() if end else len(head))
    return (own_id(header[1].decode("utf-8", errors="replace")) or "") if header else ""


def _storable(text: str) -> str:
    """What an envelope may hold that a column may not: NUL, lone surrogates, endless length."""
    return text.replace("\0", "").encode("utf-8", errors="replace").decode("utf-8")[:320]
