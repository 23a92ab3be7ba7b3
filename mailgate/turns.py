"""Whose turn it is: a mail waits for an earlier one that it answers, or that is the same mail."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from mailgate.models import InboundMessage
from mailgate.read import Incoming
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
        self.ids: set[str] = set()

    def put_back(self, one: Incoming) -> None:
        """Let this mail wait, and with it what answers it."""
        self.rows.append(one.row)
        self.hold_back_answers(one)

    def hold_back_answers(self, one: Incoming) -> None:
        """What answers this mail, or is the same, has to wait."""
        if one.mail.message_id:
            self.ids.add(one.mail.message_id)

    def holds(self, one: Incoming) -> bool:
        """Whether this mail has to wait, too; then it is put back."""
        if self.ids.isdisjoint(_ids(one)):
            return False
        self.put_back(one)
        return True

    def postpone(self, *, now: datetime) -> None:
        """Put all of them back for a second."""
        if self.rows:
            postpone(InboundMessage, rows=self.rows, until=now + BUSY_DELAY)


def in_turn(batch: list[Incoming], *, now: datetime) -> list[Incoming]:
    """Those whose turn it is, until the transaction ends; the others are put back for a second.

    Not those that answer, or are, one which came earlier and is with another worker.
    """
    waiting = Waiting()
    free, first = _taken(batch), _first_of(batch)
    for one in batch:
        is_free = not one.mail.message_id or one.mail.message_id in free
        if not is_free or any(first.get(each, one.row.pk) < one.row.pk for each in _ids(one)):
            waiting.put_back(one)
    waiting.postpone(now=now)
    return [one for one in batch if one.row not in waiting.rows]


def _ids(one: Incoming) -> list[str]:
    return [one_id for one_id in (*one.answered, one.mail.message_id) if one_id]


def _taken(batch: Iterable[Incoming]) -> set[str]:
    """The Message-IDs of these mails that no other worker has in hand; ours until the transaction ends."""
    ids = sorted({one.mail.message_id for one in batch if one.mail.message_id})
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [ids, MESSAGE_ID])
        return {one_id for (one_id,) in cursor.fetchall()}


def _first_of(batch: Iterable[Incoming]) -> dict[str, int]:
    """Message-ID → the first row, outside this batch, that waits with it or is with another worker."""
    ids = {one_id for one in batch for one_id in _ids(one)}
    waiting = InboundMessage.objects.filter(
        ~Q(message_id=""), message_id__in=ids, state__in=(InboundMessage.QUEUED, InboundMessage.CLAIMED)
    ).exclude(pk__in=[one.row.pk for one in batch])
    return dict(waiting.order_by("-pk").values_list("message_id", "pk"))
