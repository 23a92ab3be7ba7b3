"""From claimed rows to mails that can be delivered: read, parsed and cleaned, without a transaction."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseError

from blobs.models import Blob
from blobs.store import read_many
from mailgate.alone import parse_alone
from mailgate.bounces import look_at
from mailgate.models import InboundMessage
from mailgate.outcome import failed, quarantine
from mailgate.parse import ParsedMail, UnreadableMail, parse_mail
from mailgate.parse.reports import Report
from richtext.clean import clean_html

logger = logging.getLogger(__name__)

TOGETHER_BYTES = 16 * 1024 * 1024
TRIES_TOGETHER = 2
TRIES = 3


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
    """Groups of at most 16 MB of raw mail, so that memory stays flat; a bigger mail comes alone."""
    sizes = dict(Blob.objects.filter(pk__in=[row.raw_id for row in rows]).values_list("pk", "size"))
    group: list[InboundMessage] = []
    for row in rows:
        if group and sum(sizes[one.raw_id] for one in [*group, row]) > TOGETHER_BYTES:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def read(rows: Sequence[InboundMessage]) -> list[Incoming]:
    """The mails of these rows; of one that can't be read the row says so, and it is left out."""
    raws = read_many(row.raw_id for row in rows)
    found = (_read(row, raws[row.raw_id]) for row in rows)
    return [incoming for incoming in found if incoming is not None]


def _read(row: InboundMessage, raw: bytes) -> Incoming | None:
    if row.attempts > TRIES:
        quarantine(row, error=row.last_error or "It failed three times.")
        return None
    try:
        mail = parse_mail(raw) if row.attempts <= TRIES_TOGETHER else parse_alone(raw)
        html = clean_html(mail.html) if mail.html else ""
        found = look_at(mail, row=row, raw=raw)
        return Incoming(row=row, mail=found.mail, html=html, reported=found.reported, report=found.report)
    except UnreadableMail as error:
        quarantine(row, error=str(error))
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("mail %s could not be read", row.pk)
        failed(row, error=error)
    return None
