"""Folding the deltas of what is counted, of tickets and of who finds whom; comparing it with the truth."""

from django.db import connection, transaction

from work.locks import Lock, try_lock

FOLD = """
WITH gone AS (DELETE FROM tickets_tickettallydelta RETURNING queue_id, state_type, locked, n)
INSERT INTO tickets_tickettally (queue_id, state_type, locked, n)
SELECT queue_id, state_type, locked, sum(n) FROM gone GROUP BY queue_id, state_type, locked
ON CONFLICT (queue_id, state_type, locked) DO UPDATE SET n = tickets_tickettally.n + EXCLUDED.n
"""
FOLD_FINDING = """
WITH gone AS (DELETE FROM tickets_customerqueuedelta RETURNING queue_id, customer_id, word, n), sums AS (
    SELECT queue_id, customer_id, word, sum(n) AS n FROM gone
    GROUP BY queue_id, customer_id, word HAVING sum(n) <> 0
)
MERGE INTO tickets_customerqueue AS kept USING sums
ON kept.queue_id = sums.queue_id AND kept.word = sums.word AND kept.customer_id = sums.customer_id
WHEN MATCHED AND kept.n + sums.n = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET n = kept.n + sums.n
WHEN NOT MATCHED THEN INSERT (queue_id, customer_id, word, n)
    VALUES (sums.queue_id, sums.customer_id, sums.word, sums.n)
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
WRONG_WORDS = """
SELECT count(*) FROM accounts_words AS said FULL JOIN accounts_customerword AS kept USING (customer_id, word)
WHERE said.word IS NULL OR kept.word IS NULL
"""
WRONG_FINDING = """
SELECT count(*) FROM (
    SELECT queue_id, customer_id, word, sum(n) AS n FROM (
        SELECT queue_id, customer_id, word, n FROM tickets_customerqueue
        UNION ALL SELECT queue_id, customer_id, word, n FROM tickets_customerqueuedelta
        UNION ALL SELECT ticket.queue_id, ticket.customer_id, words.word, -1
        FROM tickets_ticket AS ticket
        JOIN accounts_customerword AS words ON words.customer_id = ticket.customer_id
    ) AS rows GROUP BY queue_id, customer_id, word HAVING sum(n) <> 0
) AS differences
"""


def fold() -> bool:
    """Add the deltas to what is counted; False if another is doing it at this moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not try_lock(Lock.FOLD_TALLIES):
            return False
        cursor.execute(FOLD)
        cursor.execute(FOLD_FINDING)
    return True


def wrong_tallies() -> int:
    """How many tallies differ from count(*); reads every ticket."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return int(cursor.fetchone()[0])


def wrong_findings() -> int:
    """How many words find a customer, or do not, against the truth; reads every customer and ticket."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG_WORDS)
        words = int(cursor.fetchone()[0])
        cursor.execute(WRONG_FINDING)
        return words + int(cursor.fetchone()[0])
