"""Whose turn it is: a mail waits for an earlier one that it answers, or that is the same mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from mailgate.delivery.leads import Leads
from mailgate.models import InboundMessage
from mailgate.reading.incoming import IncomingMail
from tickets.changing.locking import lock_tickets
from work.claim import postpone
from work.locks import MESSAGE_ID

BUSY_DELAY = timedelta(seconds=1)
# Two workers may each have a copy of one mail, and neither see the other's row yet: only one goes on.
TAKE = """
SELECT id FROM unnest(%s::text[]) AS id WHERE pg_try_advisory_xact_lock(hashtextextended(%s || id, 0))
"""


class Waiting:
    """Mails of a batch that are to wait, and the Message-IDs that others of the batch have to wait for."""

    def __init__(self) -> None:
        self.rows: list[InboundMessage] = []
        self.message_ids: set[str] = set()

    def put_back(self, mail: IncomingMail) -> None:
        """Let this mail wait, and with it what answers it."""
        self.rows.append(mail.row)
        self.hold_back_answers(mail)

    def hold_back_answers(self, mail: IncomingMail) -> None:
        """What answers this mail, or is the same, has to wait."""
        if mail.parsed.message_id:
            self.message_ids.add(mail.parsed.message_id)

    def holds(self, mail: IncomingMail) -> bool:
        """Whether this mail has to wait, too; then it is put back."""
        if self.message_ids.isdisjoint(mail.related):
            return False
        self.put_back(mail)
        return True

    def postpone(self, *, now: datetime) -> None:
        """Put all of them back for a second."""
        if self.rows:
            postpone(InboundMessage, rows=self.rows, until=now + BUSY_DELAY)


def in_turn(batch: list[IncomingMail], *, waiting: Waiting) -> list[IncomingMail]:
    """Those whose turn it is, until the transaction ends; the others wait, and with them what answers them.

    Not those that answer, or are, one which came earlier and is with another worker. `batch` is in the order
    in which the mails came in.
    """
    free, first = _taken(batch), _first_of(batch)
    for mail in batch:
        if waiting.holds(mail):
            continue
        is_free = not mail.parsed.message_id or mail.parsed.message_id in free
        if not is_free or any(first.get(name, mail.row.pk) < mail.row.pk for name in mail.related):
            waiting.put_back(mail)
    return [mail for mail in batch if mail.row not in waiting.rows]


def lock(leads: Leads, batch: Sequence[IncomingMail], *, waiting: Waiting) -> list[IncomingMail]:
    """Lock the tickets of all mails at once, by id; gives the mails whose tickets are ours now.

    Mail for one that somebody holds, or that was merged meanwhile, waits a little.
    """
    wanted = {mail.row.pk: leads.of(mail).tickets() for mail in batch}
    ids = set[int]().union(*wanted.values())
    free = lock_tickets(*ids, wait=False) if ids else []
    locked = {ticket.pk: ticket for ticket in free if ticket.merged_into_id is None}
    for mail in batch:
        if not wanted[mail.row.pk] <= locked.keys():
            waiting.put_back(mail)
    leads.take_locked(locked)
    return [mail for mail in batch if mail.row not in waiting.rows]


def _taken(batch: Iterable[IncomingMail]) -> set[str]:
    """The Message-IDs of these mails that no other worker has in hand; ours until the transaction ends."""
    message_ids = sorted({mail.parsed.message_id for mail in batch if mail.parsed.message_id})
    if not message_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [message_ids, MESSAGE_ID])
        return {message_id for (message_id,) in cursor.fetchall()}


def _first_of(batch: Iterable[IncomingMail]) -> dict[str, int]:
    """Message-ID → the first row, outside this batch, that waits with it or is with another worker."""
    message_ids = {message_id for mail in batch for message_id in mail.related}
    waiting = InboundMessage.objects.filter(
        ~Q(message_id=""),
        message_id__in=message_ids,
        state__in=(InboundMessage.QUEUED, InboundMessage.CLAIMED),
    ).exclude(pk__in=[mail.row.pk for mail in batch])
    return dict(waiting.order_by("-pk").values_list("message_id", "pk"))
