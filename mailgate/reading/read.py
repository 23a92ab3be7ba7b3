"""From claimed rows to mails that can be delivered, without a transaction.

What strangers wrote is read in the standing child only: a mail that takes too long or needs too much costs
itself, and the others of its batch are read again without it. It is tried again later, and not a fourth time.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.conf import settings

from blobs.models import Blob
from blobs.store import read_many
from mailgate.models import InboundMessage
from mailgate.outcome import quarantine, try_later
from mailgate.parse.findings import Findings
from mailgate.reading.bounces import Signs, judge, signs_of
from mailgate.reading.child import FIND_REPORT, MODULES, READ, Reading, Unreadable
from mailgate.reading.incoming import IncomingMail
from work.child import Child, Failed, Limits
from work.trace import traced

logger = logging.getLogger(__name__)

T = TypeVar("T")

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
    sizes = dict(Blob.objects.filter(pk__in=[row.raw_id for row in fresh]).values_list("pk", "size"))
    group: list[InboundMessage] = []
    for row in fresh:
        if group and sum(sizes[other.raw_id] for other in [*group, row]) > TOGETHER_BYTES:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
    yield from ([row] for row in rows if row.attempts > TRIES_TOGETHER)


def time_to_read(group: Sequence[InboundMessage]) -> timedelta:
    """How much longer than usual reading this group may take: what was tried twice is likely to be slow."""
    is_slow = group[0].attempts > TRIES_TOGETHER
    return timedelta(seconds=LIMITS.wall_seconds) if is_slow else timedelta()


def read_mails(rows: Sequence[InboundMessage]) -> list[IncomingMail]:
    """The mails of these rows; of one that can't be read the row says so, and it is left out.

    Raises `NoChild`, which is no mail's fault.
    """
    rows = [row for row in rows if not _is_given_up(row)]
    raws = read_many(row.raw_id for row in rows)
    readings = _read(READ, rows, raws=raws, gives=Reading)
    signs = {row: signs_of(reading.parsed, row=row) for row, reading in readings.items()}
    suspects = [row for row in signs if signs[row].may_be_report]
    findings = _read(FIND_REPORT, suspects, raws=raws, gives=Findings)
    for row in set(suspects) - findings.keys():
        del readings[row]
    return [
        _mail(row, reading, signs=signs[row], findings=findings.get(row)) for row, reading in readings.items()
    ]


def _is_given_up(row: InboundMessage) -> bool:
    """Whether it was tried often enough; then it is put into quarantine."""
    if row.attempts <= (TRIES if row.last_error else TRIES_WITHOUT_ERROR):
        return False
    quarantine(row, error=row.last_error or f"It came to no end in {TRIES_WITHOUT_ERROR} tries.")
    return True


def _read(
    function: str, rows: Sequence[InboundMessage], *, raws: dict[int, bytes], gives: type[T]
) -> dict[InboundMessage, T]:
    """What the child made of the bytes of each row, where it made what it should."""
    made = {}
    for row, result in zip(rows, READER.work(function, [raws[row.raw_id] for row in rows]), strict=True):
        with traced(row.trace):
            if isinstance(result, gives):
                made[row] = result
            elif isinstance(result, Unreadable):
                quarantine(row, error=result.reason)
            else:
                _put_back(row, result if isinstance(result, Failed) else Failed("Reading it gave no mail."))
    return made


def _mail(row: InboundMessage, reading: Reading, *, signs: Signs, findings: Findings | None) -> IncomingMail:
    judged = judge(reading.parsed, signs=signs, findings=findings)
    return IncomingMail(
        row=row, parsed=judged.parsed, html=reading.html, reported=judged.reported, report=judged.report
    )


def _put_back(row: InboundMessage, failed: Failed) -> None:
    logger.error("mail %s could not be read: %s", row.pk, failed.details or failed.reason)
    try_later(row, reason=failed.reason)
