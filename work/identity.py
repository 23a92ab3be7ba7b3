"""Whether this is the database that it was: or one restored from a dump, copied, moved, or failed over.

A row keeps what a dump can't bring along: the OIDs of its own table and of its database, and the cluster's
system identifier. Where one of them differs, the rows here were somewhere else before, and what they say is
due may have been done there since. The broker holds nothing of this kind: emptied, it means nothing. Another
timeline alone is a failover, or a recovery to a point in time.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from django.db import DatabaseError, connection, models
from django.db.models.expressions import RawSQL

from work.models import DatabaseIdentity

ROW = 1
LEAP = 50_000
"""More numbers than anything draws between a dump and the moment at which it is restored."""

IN_ITS_PLACE = RawSQL(
    """NOT EXISTS (
    SELECT FROM work_databaseidentity AS kept WHERE kept.table_oid <> kept.tableoid::bigint
        OR kept.database_oid <> (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
)""",
    [],
    output_field=models.BooleanField(),
)
"""A condition for statements that begin work: false in a database that was put back until that was noted."""

PLACE = """
SELECT 'work_databaseidentity'::regclass::oid::bigint,
       (SELECT oid::bigint FROM pg_database WHERE datname = current_database()),
       kept.table_oid, kept.database_oid, kept.cluster, kept.timeline,
       has_function_privilege('pg_control_system()', 'EXECUTE')
           AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE')
FROM (SELECT) AS nothing LEFT JOIN work_databaseidentity AS kept ON kept.id = %s
"""
CLUSTER = "SELECT system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()"
LEAP_ALL = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,
              LEAST(COALESCE(last_value, start_value) + %s, max_value))
FROM pg_sequences WHERE schemaname = current_schema()
    AND has_sequence_privilege(format('%%I.%%I', schemaname, sequencename), 'UPDATE')
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a database is; None where it does not let us see that."""

    table_oid: int
    database_oid: int
    cluster: int | None
    timeline: int | None

    def is_elsewhere(self, other: Self) -> bool:
        """Whether they are two databases."""
        if (self.table_oid, self.database_oid) != (other.table_oid, other.database_oid):
            return True
        return None not in (self.cluster, other.cluster) and self.cluster != other.cluster

    def has_other_timeline(self, other: Self) -> bool:
        """Whether it is the same database, gone on from where it had been, or from an earlier point."""
        if self.is_elsewhere(other):
            return False
        return None not in (self.timeline, other.timeline) and self.timeline != other.timeline


def look() -> tuple[Identity, Identity | None]:
    """Where we are, and where we were when that was last kept; one statement, or two where we may see all."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [ROW])
        *oids, may_see = cursor.fetchone()
        kept, oids = oids[2:], oids[:2]
        cluster = kept[2:] if kept[:2] == oids else [None, None]  # what can't be seen is as it was known
        if may_see:
            with suppress(DatabaseError):  # some who rent out databases let nobody see it
                cursor.execute(CLUSTER)
                cluster = cursor.fetchone()
    return Identity(*oids, *cluster), Identity(*kept) if kept[0] is not None else None


def keep(here: Identity, *, before: Identity | None, now: datetime) -> bool:
    """Write down where we are, in the caller's transaction; False where another has just done it."""
    if before is None:
        _row, is_new = DatabaseIdentity.objects.get_or_create(pk=ROW, defaults=asdict(here))
        return is_new
    rows = DatabaseIdentity.objects.filter(pk=ROW, **asdict(before))
    changed = {"timeline_since": now} if here.has_other_timeline(before) else {}
    return bool(rows.update(**asdict(here), **changed))


def leap() -> None:
    """Let every sequence leave out what it may have given already, after the dump was made.

    Not only ticket numbers: an id that is given twice would make an old link lead to another's ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEAP_ALL, [LEAP])
