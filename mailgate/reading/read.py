"""From claimed rows to mails that can be delivered, without a transaction.

What strangers wrote is read in the standing child only: a mail that takes too long or needs too much costs
itself, and the others of its batch are read again without it. It is tried again later, and not a fourth time;
one whose child was killed from outside, as where the machine has no memory left, until it succeeds.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from traceback import format_exception

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from blobs.models import Blob
from blobs.store import read_many
from mailgate.models import InboundMessage
from mailgate.outcome import quarantine, try_later
from mailgate.reading.bounces import judge, points_to_report
from mailgate.reading.child import MODULES, READ, READ_AS_REPORT, Reading, Unreadable
from mailgate.reading.incoming import IncomingMail
from outbox.message_ids import find_canary_token
from work.child import Child, Failed, Killed, Limits
from work.claim import extend, postpone
from work.trace import traced

logger = logging.getLogger(__name__)

TOGETHER_BYTES = 16 * 1024 * 1024
TRIES_TOGETHER = 2
TRIES = 3
# Workers get killed and disks get full: that is no fault of the mail. Reading can't harm a worker, so that
# many are only to end a circle that nobody has thought of.
TRIES_WITHOUT_ERROR = 50
MEMORY_BYTES = 512 * 1024 * 1024
COPIES = 10  # of the biggest mail that we take, which reading may need

LIMITS = Limits(memory_bytes=max(MEMORY_BYTES, COPIES * settings.MAIL_MAX_BYTES))
READER = Child(modules=MODULES, limits=LIMITS)


def groups(rows: Sequence[InboundMessage]) -> Iterator[list[InboundMessage]]:
    """Groups of at most 16 MB of raw mail, so that memory stays flat; a bigger mail comes alone.

    As does one that was tried twice already, after the others: none shall suffer for another.
    """
    fresh = [row for row in rows if row.attempts <= TRIES_TOGETHER]
    blobs = Blob.objects.in_bulk([row.raw_id for row in fresh])
    group: list[InboundMessage] = []
    for row in fresh:
        if group and sum(blobs[other.raw_id].size for other in [*group, row]) > TOGETHER_BYTES:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
    yield from ([row] for row in rows if row.attempts > TRIES_TOGETHER)


def read_mails(rows: Sequence[InboundMessage]) -> list[IncomingMail]:
    """The mails of claimed rows; of one that can't be read the row says so, and it is left out.

    Their lease is renewed first; where it has run out, none is tried. Raises `NoChild`.
    """
    lease = settings.CLAIM_LEASE + _time_to_read(rows)
    if not extend(rows, lease=lease, now=timezone.now()):
        postpone(InboundMessage, rows=rows, until=timezone.now())
        return []
    results = _results(rows)
    mails = (_mail_or_reason(row, results[row]) for row in rows)
    return [mail for mail in mails if mail is not None]


def _results(rows: Sequence[InboundMessage]) -> dict[InboundMessage, object]:
    """What became of each row's bytes in the child; what was tried often enough is not read again."""
    results: dict[InboundMessage, object] = {
        row: Unreadable(row.last_error or f"It came to no end in {TRIES_WITHOUT_ERROR} tries.")
        for row in rows
        if row.attempts > (TRIES if row.last_error else TRIES_WITHOUT_ERROR)
    }
    reports = [row for row in rows if row not in results and points_to_report(row)]
    others = [row for row in rows if row not in results and row not in reports]
    raws = read_many(row.raw_id for row in (*reports, *others))
    for function, some in ((READ_AS_REPORT, reports), (READ, others)):
        results |= zip(some, READER.work(function, [raws[row.raw_id] for row in some]), strict=True)
    return results


def _time_to_read(rows: Sequence[InboundMessage]) -> timedelta:
    """How much longer than usual reading these may take: what was tried twice is likely to be slow."""
    is_slow = any(row.attempts > TRIES_TOGETHER for row in rows)
    return timedelta(seconds=LIMITS.wall_seconds) if is_slow else timedelta()


def _mail_or_reason(row: InboundMessage, result: object) -> IncomingMail | None:
    """The mail that the child made of the row's bytes; None where there is none, and the row says why."""
    try:
        if isinstance(result, Reading):
            return _mail(row, result)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  (recorded on the row, so that the others go on)
        result = Failed(f"{type(error).__name__}: {error}", "".join(format_exception(error)))
    _record(row, result)
    return None


def _mail(row: InboundMessage, reading: Reading) -> IncomingMail:
    judged = judge(reading, row=row)
    return IncomingMail(
        row=row,
        parsed=judged.parsed,
        html=reading.html,
        report=judged.report,
        reported=judged.reported,
        by_token=judged.by_token,
        is_proven=judged.is_proven,
        ours=judged.ours,
        canary=find_canary_token(judged.parsed.subject),
    )


def _record(row: InboundMessage, result: object) -> None:
    """Why a mail could not be read."""
    if isinstance(result, Unreadable):
        quarantine(row, error=result.reason)
        return
    failed = result if isinstance(result, Failed) else Failed("Reading it gave no mail.")
    # That the child was killed is no error: without one, a mail is tried more often.
    try_later(row, reason=row.last_error if isinstance(failed, Killed) else failed.reason)
    with traced(row.trace):
        logger.error("mail %s could not be read: %s", row.pk, failed.details or failed.reason)
