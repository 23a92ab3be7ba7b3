"""Making the files of exports: one at a time in the whole house, so that all else goes on beside it.

What its worker did not finish begins again: a file is kept in the transaction in which its row ends, and
nobody sees anything of it before.
"""

import logging
from array import array
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from blobs.spool import Spool
from blobs.store import store_many
from queues.access import rights_of
from search.export_files import made_into
from search.exporting import ROWS_MOST, Table, portions_of, which_of
from search.find import Which
from search.models import Export
from tickets.actor import Actor
from work.away import AWAY, put_back
from work.claim import fail, give_back, held
from work.drain import drain
from work.locks import Lock, hold_lock
from work.trace import traced

logger = logging.getLogger(__name__)

TRIES = 3
LEASE_MOST = timedelta(minutes=1)
"""Somebody looks at it: what a dead worker had in hand begins again soon."""


class _OthersError(Exception):
    """The lease ran out, or the row is gone: it is another's, or nobody's, by now."""


def work_off() -> int:
    """Make what is asked for; gives the number of rows taken up, 0 where another is at it.

    What fails three times is kept as failed, until its day is over.
    """
    with hold_lock(Lock.MAKE_EXPORT, which=0) as is_ours:
        return drain(Export, work=_work, batch=1, lease=_lease()) if is_ours else 0


def _work(rows: Sequence[Export]) -> None:
    for row in rows:
        if row.attempts > TRIES:
            fail(row, error=row.last_error or "Its worker stopped three times.", now=timezone.now())
            continue
        with traced(row.trace):
            try:
                _make(row)
            except _OthersError:
                logger.info("export %s is not ours any more", row.pk)
            except AWAY:
                put_back(Export, rows=rows)
                raise
            except Exception as error:  # noqa: BLE001  (recorded on its row; the others are safe)
                _put_aside(row, error)


def _make(row: Export) -> None:
    """Find all, then write a row of each that can be seen, by what the agent may at this moment."""
    actor = Actor.of(row.agent, rights_of(row.agent))
    spool = Spool()
    with override(row.language):
        ids = _found(row, which_of(QueryDict(row.query), actor=actor))
        is_cut, ids = len(ids) > ROWS_MOST, ids[:ROWS_MOST]
        table, written = Table(actor), 0
        with made_into(row.kind, spool) as file:
            file.head(table.headings)
            for rows in table.rows(ids):
                file.add(rows)
                written += len(rows)
                _tell(row, total=len(ids), written=written)
            if is_cut:
                file.cut()
    _finish(row, spool, written=written, is_cut=is_cut)


def _found(row: Export, which: Which) -> "array[int]":
    ids = array("q")
    for some in portions_of(which):
        ids.extend(some)
        _tell(row, total=None, written=len(ids))
    return ids


def _tell(row: Export, *, total: int | None, written: int) -> None:
    """How far it is, and that its worker lives; raises `_OthersError`."""
    now = timezone.now()
    mine = Export.objects.filter(pk=row.pk, lease=row.lease, state=Export.CLAIMED, leased_until__gt=now)
    if not mine.update(total=total, written=written, leased_until=now + _lease()):
        raise _OthersError


@transaction.atomic
def _finish(row: Export, spool: Spool, *, written: int, is_cut: bool) -> None:
    (mine,) = held(Export, rows=[row], now=timezone.now()) or (None,)
    if mine is None:
        raise _OthersError
    mine.blob = store_many([spool])[0]
    mine.state, mine.made = Export.DONE, timezone.now()
    mine.total = mine.written = written
    mine.is_cut, mine.lease, mine.leased_until = is_cut, None, None
    mine.save(update_fields=["blob", "state", "made", "total", "written", "is_cut", "lease", "leased_until"])


def _put_aside(row: Export, error: Exception) -> None:
    logger.error("export %s failed", row.pk, exc_info=error)
    sentence = f"{type(error).__name__}: {error}".replace("\0", "")
    if row.attempts >= TRIES:
        fail(row, error=sentence, now=timezone.now())
    else:
        give_back(row, error=sentence, now=timezone.now())


def _lease() -> timedelta:
    return min(settings.CLAIM_LEASE, LEASE_MOST)
