"""How often something may be tried: never refused for good, but slowed down, and counted by all processes.

A try is counted before it is made, so that many at once are not more than one after the other; what succeeded
is taken back. Nobody waits here: who comes too early is told how long to stay away.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import CacheEntry, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`free` tries, then one each `first`, twice as long after each, up to `longest`.

    All is forgotten when nothing was tried for `forgotten` beyond that.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta

    def wait(self, count: int) -> timedelta:
        """How long nothing may be tried after so many tries."""
        doubled = min(count - self.free, 30)
        return timedelta(0) if doubled < 0 else min(self.longest, self.first * 2**doubled)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, named by words that tell it from all else, and how often it may be tried."""

    limit: Limit
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in the table, from which no name or address can be read."""
        return hashlib.sha256("\0".join(self.words).encode()).hexdigest()


class TooManyTries(Exception):
    """It may be tried again in so many seconds, at least one."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.seconds = max(1, -(-wait // timedelta(seconds=1)))


@transaction.atomic
def count_try(counted: Sequence[Counted], *, now: datetime) -> list[int]:
    """Count a try; gives the counts, as many as were given.

    Raises `TooManyTries`, and counts nothing, where any of what is counted must wait.
    """
    limits = {one.key: one.limit for one in counted}
    made = [Tally(key=key, free_at=now, expires=now) for key in sorted(limits)]
    Tally.objects.bulk_create(made, ignore_conflicts=True)
    locked = Tally.objects.select_for_update(no_key=True, of=("self",))
    tallies = list(locked.filter(key__in=limits).order_by("key"))
    latest = max(tally.free_at for tally in tallies)
    if latest > now:
        raise TooManyTries(latest - now)
    for tally in tallies:
        limit = limits[tally.key]
        tally.count = tally.count + 1 if tally.expires > now else 1
        tally.free_at = now + limit.wait(tally.count)
        tally.expires = tally.free_at + limit.forgotten
    Tally.objects.bulk_update(tallies, ["count", "free_at", "expires"])
    counts = {tally.key: tally.count for tally in tallies}
    return [counts[one.key] for one in counted]


def take_back(counted: Counted) -> None:
    """One try was in order."""
    Tally.objects.filter(key=counted.key).update(count=Greatest(F("count") - 1, 0))


def forget(counted: Counted) -> None:
    """All tries were in order after all: the next ones are free."""
    Tally.objects.filter(key=counted.key).delete()


def forget_expired(*, now: datetime) -> None:
    """Drop counts that hold nobody back any more."""
    CacheEntry.objects.filter(expires__lt=now).delete()
    Tally.objects.filter(expires__lt=now).delete()
