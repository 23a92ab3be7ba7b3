"""Fetching a mailbox: what is new is kept and committed, and only then the server is told.

The ledger is `InboundMessage.identity`: mailbox, uidvalidity and uid. `Mailbox.highest_uid` says up to where
all is in the ledger and the server was told, so that a poll costs what is new, however much was left on the
server. A crash between keeping and telling is mended by the next poll: it finds the message in the ledger
above that mark, and only tells.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from mailgate.imap import Folder, MailboxError, open_folder
from mailgate.intake import BATCH, Arrival, take_in_many
from mailgate.leases import LeaseLost, finish, finish_failed, lease_mailbox, renew
from mailgate.models import InboundMessage, Mailbox

logger = logging.getLogger(__name__)

ROUND = timedelta(seconds=20)
BATCH_BYTES = 10 * 1024 * 1024
CHUNK = 500
LOOK_BACK = 100
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


def _poll(mailbox: Mailbox) -> Iterator[int]:
    """Fetch batch by batch, giving the size of each, and give the lease back with how it went."""
    until = timezone.now() + ROUND
    try:
        with open_folder(mailbox) as folder:
            for sizes in _batches(folder):
                yield _fetch(folder, sizes)
                if timezone.now() > until:
                    break
    except MailboxError as error:
        _failed(mailbox, error=str(error))
    else:
        wait = timedelta() if timezone.now() > until else timedelta(seconds=mailbox.interval_seconds)
        finish(mailbox, next_poll=timezone.now() + wait)


def identity(folder: Folder, uid: int) -> str:
    """What makes this message this one, for ever (RFC 9051, 2.3.1.1)."""
    return f"{folder.mailbox.pk}:{folder.uid_validity}:{uid}"


def _batches(folder: Folder) -> Iterator[dict[int, int]]:
    """UID → size of what the ledger does not know, ascending, a batch at a time; tells of what it knows.

    We look back a little behind the mark, for servers that show messages out of order.
    """
    mailbox = folder.mailbox
    if mailbox.uid_validity != folder.uid_validity:
        renew(mailbox, uid_validity=folder.uid_validity, highest_uid=0)
    uids = folder.uids_from(mailbox.highest_uid - LOOK_BACK + 1)
    for chunk in (uids[start : start + CHUNK] for start in range(0, len(uids), CHUNK)):
        known = _known(folder, chunk)
        folder.tell([uid for uid in chunk if uid in known and uid > mailbox.highest_uid])
        new = [uid for uid in chunk if uid not in known]
        yield from _fitting(folder.sizes(new) if new else {})
        _reached(folder, chunk[-1])


def _known(folder: Folder, uids: Sequence[int]) -> set[int]:
    names = {identity(folder, uid): uid for uid in uids}
    rows = InboundMessage.objects.filter(identity__in=list(names)).values_list("identity", flat=True)
    return {names[name] for name in rows if name}


def _fitting(sizes: dict[int, int]) -> Iterator[dict[int, int]]:
    """Batches of at most 20 messages and 10 MB, so that memory stays flat; a bigger one comes alone."""
    batch: dict[int, int] = {}
    for uid in sorted(sizes):
        if batch and (len(batch) == BATCH or sum(batch.values()) + sizes[uid] > BATCH_BYTES):
            yield batch
            batch = {}
        batch[uid] = sizes[uid]
    if batch:
        yield batch


def _fetch(folder: Folder, sizes: dict[int, int]) -> int:
    """Keep a batch, then tell the server."""
    too_big = [uid for uid, size in sizes.items() if size > settings.MAIL_MAX_BYTES]
    raws = folder.read([uid for uid in sizes if uid not in too_big])
    beginnings = {uid: folder.read_beginning(uid) for uid in too_big}
    take_in_many(
        [_arrival(folder, uid=uid, raw=raw) for uid, raw in sorted(raws.items())]
        + [_arrival(folder, uid=uid, raw=raw, full_size=sizes[uid]) for uid, raw in beginnings.items()]
    )
    renew(folder.mailbox, uid_validity=folder.uid_validity, highest_uid=folder.mailbox.highest_uid)
    folder.tell(sorted(raws))  # what is too big for us stays on the server
    _reached(folder, max(sizes))
    return len(raws) + len(beginnings)


def _arrival(folder: Folder, *, uid: int, raw: bytes, full_size: int | None = None) -> Arrival:
    return Arrival(
        raw=raw,
        way=InboundMessage.Way.IMAP,
        mailbox=folder.mailbox,
        uid_identity=identity(folder, uid),
        queue=folder.mailbox.queue,
        full_size=full_size,
    )


def _reached(folder: Folder, uid: int) -> None:
    highest = max(uid, folder.mailbox.highest_uid)
    renew(folder.mailbox, uid_validity=folder.uid_validity, highest_uid=highest)


def _failed(mailbox: Mailbox, *, error: str) -> None:
    now = timezone.now()
    logger.error("mailbox %s: %s", mailbox, error)
    finish_failed(
        mailbox,
        error=error,
        next_poll=_next_try(mailbox, now=now),
        failing_since=mailbox.failing_since or now,
    )


def _next_try(mailbox: Mailbox, *, now: datetime) -> datetime:
    """The longer it has failed, the longer we wait, up to 15 minutes."""
    failing = now - (mailbox.failing_since or now)
    return now + max(timedelta(seconds=mailbox.interval_seconds), min(failing / 2, LONGEST_WAIT))
