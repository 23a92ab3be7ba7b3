"""Databases that no migration brings up to date: those of before the migrations of each room became one."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FIRST = "0001_house"
"""The name of the migration that makes a room's tables. No room had one of that name before."""

TOO_OLD = (
    "This database was made by an older KVV and can't be migrated: give KVV an empty one; "
    "`python3 scripts/kvv.py empty` throws away all that `make run` has kept, "
    "`docker compose down --volumes` all that Docker has."
)


def is_too_old(connection: BaseDatabaseWrapper) -> bool:
    """Whether a room was migrated here, but not by its first migration of today.

    A database of a newer version is not too old: it knows migrations that we don't, and all of ours.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    rooms = {room for room, name in loader.disk_migrations if name == FIRST}
    return any(room in rooms and (room, FIRST) not in applied for room, _name in applied)
