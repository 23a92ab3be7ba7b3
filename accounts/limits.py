"""How often something may be tried: never refused for good, but slowed down, and counted by all processes.

A try is counted before it is made, so that many at once are not more than one after the other; what succeeded
is taken back. Nobody waits here: who comes too early is told how long to stay away.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts.models import CacheEntry, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`free` tries, then one each `first`, twice as long after each, up to `longest`.

    A try is forgotten each `falls`, whatever is tried meanwhile, and all when nothing was for `forgotten`.
    """

    free: int
    first: timedelta
    longest: timedelta
    falls: timedelta
    forgotten: timedelta

    def wait(self, count: float) -> timedelta:
        """How long nothing may be tried after so many tries; one that is forgotten in part counts."""
        doubled = min(math.ceil(count) - self.free, 30)
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
    tallies = _locked(sorted(limits), now=now)
    latest = max(tally.free_at for tally in tallies)
    if latest > now:
        raise TooManyTries(latest - now)
    for tally in tallies:
        limit = limits[tally.key]
        tally.count = _left(tally, limit, now=now) + 1
        tally.free_at = now + limit.wait(tally.count)
        tally.expires = tally.free_at + limit.forgotten
    Tally.objects.bulk_update(tallies, ["count", "free_at", "expires"])
    counts = {tally.key: math.ceil(tally.count) for tally in tallies}
    return [counts[one.key] for one in counted]


def _locked(keys: Sequence[str], *, now: datetime) -> list[Tally]:
    """The tallies of these keys, made where there were none.

    What is forgotten between the two statements is made again, from the first on: all lock in one order.
    """
    made = [Tally(key=key, free_at=now, expires=now) for key in keys]
    while True:
        with transaction.atomic():
            Tally.objects.bulk_create(made, ignore_conflicts=True)
            locked = Tally.objects.select_for_update(no_key=True, of=("self",))
            tallies = list(locked.filter(key__in=keys).order_by("key"))
            if len(tallies) == len(keys):
                return tallies
            transaction.set_rollback(True)


def _left(tally: Tally, limit: Limit, *, now: datetime) -> float:
    """How many of the tries that were counted are not forgotten yet."""
    if tally.expires <= now:
        return 0
    last = tally.free_at - limit.wait(tally.count)
    return max(tally.count - max(now - last, timedelta(0)) / limit.falls, 0)


def take_back(counted: Counted) -> None:
    """One try was in order."""
    Tally.objects.filter(key=counted.key).update(count=Greatest(F("count") - 1, Value(0.0)))


def forget(counted: Counted) -> None:
    """All tries were in order after all: the next ones are free."""
    Tally.objects.filter(key=counted.key).delete()


def forget_expired(*, now: datetime) -> None:
    """Drop counts that hold nobody back any more."""
    CacheEntry.objects.filter(expires__lt=now).delete()
    Tally.objects.filter(expires__lt=now).delete()
