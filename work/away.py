"""When the database goes away in the middle of the work."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from work.claim import Row, postpone

AWAY = (OperationalError, InterfaceError)
DELAY = timedelta(seconds=1)


def put_back(model: type[Row], *, rows: Sequence[Row]) -> None:
    """Queue rows as if they had not been tried, if the database is there again; else their lease runs out."""
    with suppress(*AWAY):
        close_old_connections()
        postpone(model, rows=rows, until=timezone.now() + DELAY)
