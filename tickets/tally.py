"""Folding the deltas of the tallies, and comparing a tally with the truth."""

from django.db import connection, transaction

from work.locks import Lock, try_lock

FOLD = """
WITH gone AS (DELETE FROM tickets_tickettallydelta RETURNING queue_id, state_type, locked, n)
INSERT INTO tickets_tickettally (queue_id, state_type, locked, n)
SELECT queue_id, state_type, locked, sum(n) FROM gone GROUP BY queue_id, state_type, locked
ON CONFLICT (queue_id, state_type, locked) DO UPDATE SET n = tickets_tickettally.n + EXCLUDED.n
"""
WRONG = """
SELECT count(*) FROM (
    SELECT queue_id, state_type, locked, sum(n) AS n FROM (
        SELECT queue_id, state_type, locked, n FROM tickets_tickettally
        UNION ALL SELECT queue_id, state_type, locked, n FROM tickets_tickettallydelta
        UNION ALL SELECT queue_id, state_type, locked, -1 FROM tickets_ticket
    ) AS rows GROUP BY queue_id, state_type, locked HAVING sum(n) <> 0
) AS differences
"""


def fold() -> bool:
    """Add the deltas to the tallies; False if another is doing it at this moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not try_lock(Lock.FOLD_TALLIES):
            return False
        cursor.execute(FOLD)
    return True


def wrong_tallies() -> int:
    """How many tallies differ from count(*); reads every ticket."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return int(cursor.fetchone()[0])
