"""What is wrong at this moment, in one statement over small tables and partial indexes.

Everything is judged by what the rooms write down anyway: when a mailbox last worked, since when a transport
fails, when a worker last lived. So a look is right whoever looks, also while no worker runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from kvv.watch.disk import space_of
from kvv.watch.kinds import DISK, KINDS, TroubleKind, kind_named
from kvv.watch.limits import SHARED_SQL, values_at

SQL = SHARED_SQL + "UNION ALL".join(kind.sql for kind in KINDS if kind.sql)
RANK = {kind.name: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong: which row of its table (or 0), what people call it, since when, and how many."""

    kind: TroubleKind
    key: str
    name: str
    since: datetime
    n: int = 1


def look(*, now: datetime) -> list[Trouble]:
    """All troubles that the database knows of, the worst kind first, the oldest first within a kind.

    A mailbox: not read for three of its intervals (a minute at least), because it fails or because nobody
    has come. A transport: failing for three minutes while mail waits for it. A worker or beat: no sign of
    life for two minutes (one that never gave any is the doctor's business). Mail: no ticket yet ten minutes
    after it came in, whatever it waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute(SQL, values_at(now))
        rows = cursor.fetchall()
    return _worst_first(
        Trouble(kind=kind_named(kind), key=key, name=name, since=since, n=int(n))
        for kind, key, name, since, n in rows
    )


def look_everywhere(*, now: datetime) -> list[Trouble]:
    """What `look` gives, with what only this machine knows: whether its disk is nearly full."""
    troubles = look(now=now)
    if (space := space_of(settings.VAR_DIR)) is not None and space.is_nearly_full:
        troubles.append(Trouble(kind=DISK, key="0", name="", since=now))
    return _worst_first(troubles)


def _worst_first(troubles: Iterable[Trouble]) -> list[Trouble]:
    return sorted(troubles, key=lambda trouble: (RANK[trouble.kind.name], trouble.since, trouble.key))
