"""Locks that one holds at a time: until the transaction ends, or through many of them."""

import os
import socket

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.races.meeting import at_once
from work.locks import Lock, hold_lock, try_lock

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

WHICH = 3
HOLDERS = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted
"""
WAIT_FOR_IT = "SET LOCAL lock_timeout = '20s'; SELECT pg_advisory_xact_lock(%s, %s)"


def tried() -> bool:
    """Whether another, who is there for a moment, would get it."""
    with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH) as is_ours:
        return is_ours


def holders() -> list[int]:
    """The connections that hold it."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, [Lock.SPEAK_WITH_TRANSPORT, WHICH])
        return [pid for (pid,) in cursor.fetchall()]


def test_no_two_locks_share_a_number() -> None:
    assert len(Lock.__members__) == len({lock.value for lock in Lock})


def test_a_lock_of_a_transaction_ends_with_it() -> None:
    with transaction.atomic():
        assert try_lock(Lock.WATCH)
        assert at_once(lambda: try_lock(Lock.WATCH), lambda: try_lock(Lock.FOLD_TALLIES)) == [False, True]
    assert at_once(lambda: try_lock(Lock.WATCH)) == [True]


def test_one_that_is_held_outlives_the_transactions_of_the_work_inside() -> None:
    with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH) as is_ours:
        with transaction.atomic():
            pass
        assert is_ours
        assert at_once(tried) == [False]
        with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH + 1) as is_ours_too:
            assert is_ours_too
    assert holders() == []
    assert tried()


def test_what_goes_wrong_inside_gives_it_back() -> None:
    with pytest.raises(ZeroDivisionError), hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH):
        raise ZeroDivisionError
    assert tried()


def test_its_connection_sees_and_keeps_no_rows_that_others_want_cleared_away() -> None:
    with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH), connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, backend_xid, backend_xmin FROM pg_stat_activity WHERE pid = %s", holders()
        )
        assert cursor.fetchall() == [("idle in transaction", None, None)]


def test_the_lock_of_a_holder_that_was_killed_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    own = connection.copy()
    monkeypatch.setattr(connection, "copy", lambda: own)
    with hold_lock(Lock.SPEAK_WITH_TRANSPORT, which=WHICH) as is_ours:
        assert is_ours
        _hang_up(own)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WAIT_FOR_IT, [Lock.SPEAK_WITH_TRANSPORT, WHICH])
    monkeypatch.undo()
    assert tried()


def _hang_up(own: BaseDatabaseWrapper) -> None:
    """What the database sees of a process that was killed."""
    with socket.socket(fileno=os.dup(own.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
