"""A drain: works through the due rows of one table until none is left or its time is up."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from work.claim import claim
from work.rows import WorkRow
from work.stack import with_room

Row = TypeVar("Row", bound=WorkRow)

DRAIN_TIME = timedelta(seconds=20)


def drain(
    model: type[Row],
    *,
    work: Callable[[Sequence[Row]], None],
    batch: int,
    lease: timedelta,
    only: Q | None = None,
) -> int:
    """Claim and work batches of rows until none is due or 20 s have passed; gives the number of rows.

    `work` records what became of each row itself, in the transaction of its effect. What it raises ends the
    drain; its rows are taken up again when their lease runs out.
    """
    started, done = timezone.now(), 0
    while timezone.now() - started < DRAIN_TIME:
        rows = claim(model, limit=batch, lease=lease, now=timezone.now(), only=only)
        if not rows:
            break
        with_room(work, rows)
        done += len(rows)
    return done
