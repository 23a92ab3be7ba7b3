"""What the kinds of trouble share: how long is too long, and what is asked for more than one of them."""

from datetime import datetime, timedelta
from typing import Any

from mailgate.delivery.canary import OVERDUE
from mailgate.unknown_queues import TOLD_FOR
from work.heartbeat import BEAT, WORKER

MAILBOX_LEAST = timedelta(seconds=60)
TRANSPORT_AFTER = timedelta(minutes=3)
HEARTBEAT_AFTER = timedelta(minutes=2)
UNDELIVERED_AFTER = timedelta(minutes=10)
BULK_AFTER = timedelta(minutes=10)
EXPORT_AFTER = timedelta(minutes=30)
CANARY_FORGOTTEN = timedelta(hours=26)
REFUSED_FORGOTTEN = timedelta(days=30)

SHARED_SQL = """
WITH fallback AS (
    SELECT CASE WHEN bool_or(is_default) THEN max(id) FILTER (WHERE is_default)
                WHEN count(*) = 1 THEN max(id) END AS id
    FROM outbox_transport WHERE is_active
), box AS (
    SELECT *, COALESCE(last_success, failing_since, next_poll) AS quiet_since,
           %(now)s - GREATEST(3 * interval_seconds * interval '1 second', %(mailbox)s) AS limit_
    FROM mailgate_mailbox WHERE is_active
), not_left AS MATERIALIZED (
    SELECT id, state, created FROM outbox_outboundmessage
    WHERE state IN ('failed', 'doubtful', 'refused') AND (
        state = 'doubtful' OR state = 'failed' AND sender <> '' OR created > %(now)s - %(refused)s
    )
)
"""
"""Before what the kinds select: the transport of mail that names none, mailboxes with their limits, and mail
that has not left, found by its own index before anything is asked of it (what nothing would come back of is
nobody's after a while)."""


def values_at(now: datetime) -> dict[str, Any]:
    """What the statements of the kinds may name."""
    return {
        "now": now,
        "mailbox": MAILBOX_LEAST,
        "transport": TRANSPORT_AFTER,
        "heartbeat": HEARTBEAT_AFTER,
        "undelivered": UNDELIVERED_AFTER,
        "bulk": BULK_AFTER,
        "export": EXPORT_AFTER,
        "overdue": OVERDUE,
        "refused": REFUSED_FORGOTTEN,
        "forgotten": CANARY_FORGOTTEN,
        "worker_row": WORKER,
        "beat_row": BEAT,
        "week": TOLD_FOR,
    }
