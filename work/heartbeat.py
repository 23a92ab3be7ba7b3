"""Signs of life in the database, so that every web process sees them: of a worker, and of beat.

A worker shows one with any task it runs; beat with the sweep, which nobody else rings. So where only beat's
is old, beat is gone; where both are old, the worker, the broker or beat may be.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from work.models import Heartbeat

WORKER, BEAT = 1, 2
EVERY = timedelta(seconds=10)


def beat(who: int = WORKER) -> None:
    """Say that a worker, or beat, lives; at most one write in ten seconds."""
    now = timezone.now()
    last = last_heartbeat(who)
    if last is None or now - last >= EVERY:
        Heartbeat.objects.update_or_create(pk=who, defaults={"at": now})


def last_heartbeat(who: int = WORKER) -> datetime | None:
    """When it last said so; None: never."""
    return Heartbeat.objects.filter(pk=who).values_list("at", flat=True).first()
