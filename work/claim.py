"""Claiming, giving back and failing rows of work, each in one committed statement or two."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from work.identity import IN_ITS_PLACE
from work.rows import WorkRow

Row = TypeVar("Row", bound=WorkRow)

RETRY_DELAYS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
)


def claim(
    model: type[Row], *, limit: int, lease: timedelta, now: datetime, only: Q | None = None
) -> list[Row]:
    """Lease up to `limit` due rows, oldest first, to the caller; committed when this returns.

    `only` narrows them down, where several drains share a table.

    Nothing is claimed in a database that was put back, before that was noted and what was due is held.
    Rows another drain is claiming at this moment are passed over (SKIP LOCKED). Each row's `attempts` has
    been raised by one and all carry the same `lease` token, which must still be there when the work is
    recorded.

    A row that was left behind by its worker comes alone: it may be the one that killed it, and shall kill no
    other's. If others were claimed with it that time, it may not even have been begun, and this attempt takes
    the place of that one.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        due = model._default_manager.filter(only or Q(), model.due_condition(now=now), IN_ITS_PLACE)
        due = due.order_by("not_before", "id")
        due_rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
        rows = list(takewhile(_is_queued, due_rows)) or due_rows[:1]
        tries = 0 if any(row.together and not _is_queued(row) for row in rows) else 1
        changed = {
            "state": WorkRow.CLAIMED,
            "lease": token,
            "leased_until": now + lease,
            "together": len(rows) > 1,
        }
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
            attempts=F("attempts") + tries, **changed
        )
    for row in rows:
        row.attempts += tries
        for name, value in changed.items():
            setattr(row, name, value)
    return rows


def _is_queued(row: WorkRow) -> bool:
    """Not one whose worker is gone, which is the other way to be due."""
    return row.state == WorkRow.QUEUED


def held(model: type[Row], *, rows: Sequence[Row], now: datetime) -> list[Row]:
    """The rows of `rows` that are still leased to the caller, locked for the current transaction, by id."""
    if not rows:
        return []
    mine = model._default_manager.filter(
        pk__in=[row.pk for row in rows], lease=rows[0].lease, state=WorkRow.CLAIMED, leased_until__gt=now
    )
    return list(mine.order_by("pk").select_for_update(no_key=True, of=("self",)))


def extend(rows: Sequence[WorkRow], *, lease: timedelta, now: datetime) -> bool:
    """Lease what is left of a claim for as long again; False when its time is over: others may have it."""
    mine = type(rows[0])._default_manager.filter(
        lease=rows[0].lease, state=WorkRow.CLAIMED, leased_until__gt=now
    )
    return bool(mine.update(leased_until=now + lease))


def give_back(row: WorkRow, *, error: str, now: datetime) -> None:
    """Put a claimed row back, to be tried again after a delay that grows with its attempts."""
    delay = RETRY_DELAYS[min(row.attempts, len(RETRY_DELAYS)) - 1]
    _release(row, state=WorkRow.QUEUED, error=error, until=now + delay)


def postpone(model: type[Row], *, rows: Sequence[Row], until: datetime) -> None:
    """Put claimed rows back as if they had not been tried: nothing is wrong with them, they have to wait."""
    mine = model._default_manager.filter(pk__in=[row.pk for row in rows], state=WorkRow.CLAIMED)
    back = {"state": WorkRow.QUEUED, model.BACK_OFF: until, "lease": None, "leased_until": None}
    mine.filter(lease__in=[row.lease for row in rows if row.lease]).update(attempts=F("attempts") - 1, **back)


def fail(row: WorkRow, *, error: str, now: datetime) -> None:
    """Keep a claimed row as failed: nothing touches it until a person says 'try again'."""
    _release(row, state=WorkRow.FAILED, error=error, until=now)


def try_again(row: WorkRow, *, now: datetime) -> bool:
    """Queue a row that nobody works on afresh, as if it had never been tried.

    False, and nothing is changed, where it is not in the state any more in which it was read, or is gone:
    somebody else was first, and it may be done by now.
    """
    mine = type(row)._default_manager.filter(pk=row.pk, state=row.state)
    afresh = {"state": WorkRow.QUEUED, "attempts": 0, "last_error": "", "not_before": now}
    return bool(mine.update(**afresh, lease=None, leased_until=None))


def _release(row: WorkRow, *, state: str, error: str, until: datetime) -> None:
    """Write only while the lease is still ours: a drain that took over must not be disturbed."""
    back = {"state": state, row.BACK_OFF: until, "lease": None, "leased_until": None}
    type(row)._default_manager.filter(pk=row.pk, lease=row.lease).update(last_error=error[:2000], **back)
