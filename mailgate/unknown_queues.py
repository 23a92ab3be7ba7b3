"""Queues that mail is handed over for by name, and that are not there: kept, so that somebody is told."""

from datetime import datetime, timedelta
from typing import Final

from mailgate.models import UnknownQueue

TOLD_FOR: Final = timedelta(days=7)


def note_unknown_queue(name: str, *, now: datetime) -> None:
    """Remember that mail came for this name (at most 200 characters), since when, and for the last time."""
    UnknownQueue.objects.filter(asked__lt=now - TOLD_FOR).delete()
    UnknownQueue.objects.bulk_create(
        [UnknownQueue(name=name, since=now, asked=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["asked"],
    )
