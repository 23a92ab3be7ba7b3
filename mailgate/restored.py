"""After a restore: what was due before it is held until a person says what becomes of it.

A database that was restored from a dump, copied or moved says again what was due when the dump was made, and
much of it was done since: answers have left, automatic answers were written, numbers were given. So mail and
reactions that wait are held, what agents were still to be told is dropped, mail that is fetched a second time
gets no automatic answer, and every sequence leaps. `work.identity` says how a restore is seen; a mailbox that
has gone back tells of one, too, and `manage.py restored` lets a person say so.
"""

import logging
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mailgate.models import InboundMessage, Mailbox
from notify.aftercare import drop_waiting
from outbox import holding as mail
from tickets import reactions
from tickets.numbers import begin_day
from work.identity import keep, leap, look
from work.locks import Lock, wait_for_lock
from work.models import Restore

logger = logging.getLogger(__name__)

WAITING = (InboundMessage.QUEUED, InboundMessage.CLAIMED)


def notice_restore(*, now: datetime) -> None:
    """Look whether the database was put back, and hold what was due if it was; safe to call at any time.

    Two statements where all is as it was.
    """
    here, before = look()
    if here == before:
        return
    with transaction.atomic():
        if not keep(here, before=before, now=now) or before is None:
            return
        if here.is_elsewhere(before):
            note_restore(reason=Restore.Reason.MOVED, now=now)
        elif here.has_other_timeline(before):
            logger.warning("the database has another timeline: it failed over, or was recovered")
            _leap(now=now)


@transaction.atomic
def note_restore(*, reason: Restore.Reason, now: datetime) -> Restore:
    """Hold what is due and leap; gives the restore that waits for a decision.

    While one waits, only a database that was put back again holds anything more: what was written since is
    meant to leave.
    """
    wait_for_lock(Lock.RESTORE)
    restore = open_restore()
    if restore is not None and reason != Restore.Reason.MOVED:
        return restore
    held = mail.hold_waiting() + reactions.hold_waiting()
    drop_waiting()
    InboundMessage.objects.filter(state__in=WAITING).update(is_old=True)
    Mailbox.objects.update(quiet_before=now)
    _leap(now=now)
    if restore is None:
        restore = Restore(reason=reason, noted=now)
    restore.held += held
    restore.save()
    logger.error("a restore was noted (%s): %d mails and reactions are held", reason, held)
    return restore


def open_restore() -> Restore | None:
    """The one that waits for a decision."""
    return Restore.objects.filter(settled=None).first()


@transaction.atomic
def settle_restore(*, release: bool, now: datetime) -> int | None:
    """Release what is held, or drop it; gives how much that was, None where no restore waits for it."""
    wait_for_lock(Lock.RESTORE)
    if not Restore.objects.filter(settled=None).update(settled=now):
        return None
    if release:
        return mail.release_held() + reactions.release_held()
    return mail.drop_held() + reactions.drop_held()


def look_at_start() -> None:
    """What each program does first; a database that is away or not migrated yet is looked at later."""
    try:
        notice_restore(now=timezone.now())
        if (restore := open_restore()) is not None:
            logger.error(
                "%d mails and reactions are held since the restore that was noted at %s: look what has left "
                "since, then `manage.py restored --release` or `--drop`",
                restore.held,
                restore.noted.isoformat(),
            )
    except DatabaseError as error:
        logger.warning("whether the database was put back could not be seen yet: %s", error)
    finally:
        connection.close()


def _leap(*, now: datetime) -> None:
    begin_day(now=now)
    leap()
