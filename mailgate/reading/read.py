"""From claimed rows to mails that can be delivered: read, parsed and cleaned, without a transaction."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error as DatabaseError

from blobs.models import Blob
from blobs.store import read_many
from mailgate.models import InboundMessage
from mailgate.outcome import failed, quarantine
from mailgate.parse import ParsedMail, UnreadableMail, parse_mail
from mailgate.parse.findings import find
from mailgate.parse.reports import Report
from mailgate.reading.alone import WAIT, read_alone
from mailgate.reading.bounces import Returned, look_at
from richtext.clean import clean_html
from work.trace import traced

logger = logging.getLogger(__name__)

TOGETHER_BYTES = 16 * 1024 * 1024
TRIES_TOGETHER = 2
TRIES = 3
# Workers get killed and disks get full: that is no fault of the mail. From the third time on it can't harm a
# worker, so that many are only to end a circle that nobody has thought of.
TRIES_WITHOUT_ERROR = 50


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that is being delivered.

    `reported`: our Message-IDs that it was sent back for, by our own signature; `report`: what it says of
    them, where it is a bounce or its like.
    """

    row: InboundMessage
    mail: ParsedMail
    html: str
    reported: tuple[str, ...] = ()
    report: Report | None = None

    @property
    def answered(self) -> tuple[str, ...]:
        """The Message-IDs this mail may be an answer to, the likeliest first (OTRS 5.13, 5.15)."""
        mail = self.mail
        return tuple(dict.fromkeys([*self.reported, *mail.in_reply_to, *reversed(mail.references)]))


def groups(rows: Sequence[InboundMessage]) -> Iterator[list[InboundMessage]]:
    """Groups of at most 16 MB of raw mail, so that memory stays flat; a bigger mail comes alone.

    As does one that was tried twice already, after the others: none shall suffer for another.
    """
    fresh = [row for row in rows if row.attempts <= TRIES_TOGETHER]
    sizes = dict(Blob.objects.filter(pk__in=[row.raw_id for row in fresh]).values_list("pk", "size"))
    group: list[InboundMessage] = []
    for row in fresh:
        if group and sum(sizes[one.raw_id] for one in [*group, row]) > TOGETHER_BYTES:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
    yield from ([row] for row in rows if row.attempts > TRIES_TOGETHER)


def time_to_read(group: Sequence[InboundMessage]) -> timedelta:
    """How much longer than usual reading this group may take: a child has a minute."""
    return WAIT if group[0].attempts > TRIES_TOGETHER else timedelta()


def read(rows: Sequence[InboundMessage]) -> list[Incoming]:
    """The mails of these rows; of one that can't be read the row says so, and it is left out."""
    raws = read_many(row.raw_id for row in rows)
    found = (_read_traced(row, raws[row.raw_id]) for row in rows)
    return [incoming for incoming in found if incoming is not None]


def _read_traced(row: InboundMessage, raw: bytes) -> Incoming | None:
    with traced(row.trace):
        return _read(row, raw)


def _read(row: InboundMessage, raw: bytes) -> Incoming | None:
    if row.attempts > (TRIES if row.last_error else TRIES_WITHOUT_ERROR):
        quarantine(row, error=row.last_error or f"It came to no end in {TRIES_WITHOUT_ERROR} tries.")
        return None
    try:
        return _read_here(row, raw) if row.attempts <= TRIES_TOGETHER else _read_in_child(row, raw)
    except UnreadableMail as error:
        quarantine(row, error=str(error))
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("mail %s could not be read", row.pk)
        failed(row, error=error)
    return None


def _read_here(row: InboundMessage, raw: bytes) -> Incoming:
    mail = parse_mail(raw)
    html = clean_html(mail.html) if mail.html else ""
    return _incoming(row, look_at(mail, row=row, find=lambda: find(mail, raw=raw)), html=html)


def _read_in_child(row: InboundMessage, raw: bytes) -> Incoming:
    mail, html, found = read_alone(raw)
    return _incoming(row, look_at(mail, row=row, find=lambda: found), html=html)


def _incoming(row: InboundMessage, found: Returned, *, html: str) -> Incoming:
    return Incoming(row=row, mail=found.mail, html=html, reported=found.reported, report=found.report)
