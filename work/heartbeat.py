"""A worker's sign of life, in the database, so that every web process sees it."""

from datetime import datetime, timedelta

from django.utils import timezone

from work.models import Heartbeat

ONE = 1
EVERY = timedelta(seconds=10)


def beat() -> None:
    """Say that a worker lives; at most one write in ten seconds."""
    now = timezone.now()
    last = last_heartbeat()
    if last is None or now - last >= EVERY:
        Heartbeat.objects.update_or_create(pk=ONE, defaults={"at": now})


def last_heartbeat() -> datetime | None:
    """When a worker last said so."""
    return Heartbeat.objects.filter(pk=ONE).values_list("at", flat=True).first()
