"""Fetching a mailbox: what is new is kept and committed, and only then the server is told.

The ledger is `InboundMessage.identity`. A mark on the mailbox says up to where all is settled: in the ledger
or passed over, and the server told. So a poll costs what is new, however much was left on the server. A crash
between keeping and telling is mended by the next poll: it finds the message in the ledger behind that mark,
and only tells.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from mailgate.intake import BATCH, Arrival, take_in_many
from mailgate.mailbox.connect import open_folder
from mailgate.mailbox.folder import Folder, MailboxError, Message, Unfetched
from mailgate.mailbox.leases import LeaseLost, finish, finish_failed, lease_mailbox, renew
from mailgate.models import InboundMessage, Mailbox

logger = logging.getLogger(__name__)

ROUND = timedelta(seconds=20)
BATCH_BYTES = 10 * 1024 * 1024
CHUNK = 500
LONGEST_WAIT = timedelta(minutes=15)


def fetch_mailbox(mailbox_id: int) -> int:
    """Fetch what is new, for about 20 s at most, and give the number of mails kept.

    0 where another fetcher is at it. A mailbox that can't be read keeps the sentence that says why, and is
    tried again later and later, up to 15 minutes.
    """
    mailbox = lease_mailbox(mailbox_id)
    if mailbox is None:
        return 0
    fetched = 0
    try:
        for kept in _poll(mailbox):
            fetched += kept
    except LeaseLost:
        logger.warning("mailbox %s: another fetcher has taken over", mailbox)
    if fetched:
        logger.info("mailbox %s: kept %d mails", mailbox, fetched)
    return fetched


def fetch_new(folder: Folder) -> Iterator[int]:
    """Keep what is new, a batch at a time, giving the size of each; the caller may stop between two."""
    renew(folder.mailbox, **folder.start())
    numbers = folder.numbers()
    for chunk in (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK)):
        new = _told(folder, chunk)
        for batch in _fitting(folder.unfetched(new) if new else []):
            yield _fetch(folder, batch)
        renew(folder.mailbox, **folder.mark(chunk[-1]))


def record_failure(mailbox: Mailbox, *, error: MailboxError) -> None:
    """Give the lease back and say why on the mailbox. The longer it has failed, the longer we wait."""
    now = timezone.now()
    logger.error("mailbox %s: %s", mailbox, error)
    finish_failed(
        mailbox,
        error=str(error),
        next_poll=_next_try(mailbox, now=now),
        failing_since=mailbox.failing_since or now,
    )


def _poll(mailbox: Mailbox) -> Iterator[int]:
    """Fetch batch by batch, giving the size of each, and give the lease back with how it went."""
    until = timezone.now() + ROUND
    try:
        with open_folder(mailbox) as folder:
            for kept in fetch_new(folder):
                yield kept
                if folder.can_resume and timezone.now() > until:
                    break
    except MailboxError as error:
        record_failure(mailbox, error=error)
    else:
        wait = timedelta() if timezone.now() > until else timedelta(seconds=mailbox.interval_seconds)
        finish(mailbox, next_poll=timezone.now() + wait)


def _told(folder: Folder, numbers: Sequence[int]) -> list[int]:
    """What the ledger does not know; of what it knows the server is told, if it was not yet.

    What is too big for us is kept in part, and stays on the server for ever.
    """
    names = {number: folder.identity(number) for number in numbers}
    wanted = [name for name in names.values() if name]
    rows = InboundMessage.objects.filter(identity__in=wanted)
    whole = dict(rows.values_list("identity", "full_size"))
    folder.tell(
        number
        for number, name in names.items()
        if name in whole and whole[name] is None and not folder.was_told(number)
    )
    return [number for number, name in names.items() if name not in whole]


def _fitting(messages: Sequence[Unfetched]) -> Iterator[list[Unfetched]]:
    """Batches of at most 20 messages and 10 MB, so that memory stays flat; a bigger one comes alone."""
    batch: list[Unfetched] = []
    for message in messages:
        size = sum(other.size for other in batch) + message.size
        if batch and (len(batch) == BATCH or size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def _fetch(folder: Folder, batch: Sequence[Unfetched]) -> int:
    """Keep a batch, then tell the server; what it says of sizes only decides how much is asked for."""
    messages = folder.read([new.number for new in batch if new.size <= settings.MAIL_MAX_BYTES])
    for number in (new.number for new in batch if new.size > settings.MAIL_MAX_BYTES):
        if (beginning := folder.read_beginning(number)) is not None:
            messages[number] = beginning
    arrivals = [_arrival(folder, new, messages[new.number]) for new in batch if new.number in messages]
    began = timezone.now()
    rows = take_in_many(arrivals)
    renew(folder.mailbox)
    folder.tell(number for number, message in messages.items() if message.is_whole)
    renew(folder.mailbox, **folder.mark(batch[-1].number))
    return len({row.pk for row in rows if row.received >= began})


def _arrival(folder: Folder, new: Unfetched, message: Message) -> Arrival:
    return Arrival(
        raw=message.raw,
        way=folder.way,
        mailbox=folder.mailbox,
        uid_identity=folder.identity(new.number) or folder.identity_of(message.raw),
        queue=folder.mailbox.queue,
        full_size=None if message.is_whole else max(message.size, new.size),
        is_old=new.is_old,
    )


def _next_try(mailbox: Mailbox, *, now: datetime) -> datetime:
    """Up to 15 minutes."""
    failing = now - (mailbox.failing_since or now)
    return now + max(timedelta(seconds=mailbox.interval_seconds), min(failing / 2, LONGEST_WAIT))
