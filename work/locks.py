"""The advisory locks of the house, all in one list, so that no two rooms take the same one unawares.

They are of transactions only: a lock of a session breaks under a pooler that gives each transaction another
connection (PgBouncer in transaction mode), where whoever took it can't give it back.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

from django.db import connection

from work.away import AWAY


class Lock(IntEnum):
    """What only one may do at a time. A number never changes: the version that still runs takes it, too.

    PostgreSQL has two spaces of locks: those of one number, and those of two. The second of two says which
    of several things of a kind it is about.
    """

    FOLD_TALLIES = 20_260_101
    WATCH = 20_260_102
    SEND_CANARIES = 20_260_103
    SPEAK_WITH_TRANSPORT = 20_260_104  # and the transport's id, or 0
    RESTORE = 20_260_105
    MAIL_AGENT = 20_260_106  # and the agent's id
    INDEX_TICKET = 20_260_107  # and the ticket's id
    READ_FILES = 20_260_108  # and 0
    COUNT_ANSWERS_TO = 7101  # and the hash of an address


MESSAGE_ID = "mail:"
"""Hashed together with a Message-ID into the number of a lock: whose turn a mail is."""


_TRY_EACH = """
SELECT id FROM unnest(%s::bigint[]) AS id
WHERE pg_try_advisory_xact_lock(%s, (id & 2147483647)::int)
"""


def try_lock(lock: Lock, *which: int) -> bool:
    """Take it until the current transaction ends; False when another has it.

    `which`: of several things of a kind the one it is about, where that is part of the lock.
    """
    keys = [lock.value, *which]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({', '.join(['%s'] * len(keys))})", keys)
        return bool(cursor.fetchone() == (True,))


def try_locks(lock: Lock, which: Collection[int]) -> set[int]:
    """Take that of each of several things until the current transaction ends; gives those that were free.

    `which`: ids, of which the last 31 bits count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY_EACH, [sorted(which), lock.value])
        return {row[0] for row in cursor.fetchall()}


def wait_for_lock(lock: Lock) -> None:
    """Take it until the current transaction ends, once whoever has it is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


@contextmanager
def hold_lock(lock: Lock, *, which: int) -> Iterator[bool]:
    """Hold a lock through work of many transactions; gives False, and holds nothing, when another has it.

    It is taken on a connection of its own, whose transaction does nothing else: it sees and keeps no rows,
    so it may stand open as long as the work takes. It ends with the worker, however that ends.
    """
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [lock, which])
            is_ours = bool(cursor.fetchone() == (True,))
        yield is_ours
    finally:
        with suppress(*AWAY):
            own.rollback()  # closing alone gives it back only when the database notices
            own.close()
