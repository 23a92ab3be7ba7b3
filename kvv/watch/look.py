"""What is wrong at this moment, in one statement over small tables and partial indexes.

Everything is judged by what the rooms write down anyway: when a mailbox last worked, since when a transport
fails, when a worker last lived. So a look is right whoever looks, also while no worker runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection

from kvv.watch.disk import space_of
from mailgate.delivery.canary import OVERDUE
from work.heartbeat import BEAT, WORKER

MAILBOX_LEAST = timedelta(seconds=60)
TRANSPORT_AFTER = timedelta(minutes=3)
HEARTBEAT_AFTER = timedelta(minutes=2)
CANARY_FORGOTTEN = timedelta(hours=26)


class Kind(StrEnum):
    """What can be wrong."""

    MAILBOX = "mailbox"
    TRANSPORT = "transport"
    NO_TRANSPORT = "no-transport"
    WORKER = "worker"
    BEAT = "beat"
    CANARY = "canary"
    QUARANTINE = "quarantine"
    STUCK = "stuck"
    REACTION = "reaction"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong: which row of its table (or 0), what people call it, since when, and how many."""

    kind: Kind
    key: str
    name: str
    since: datetime
    n: int = 1


SQL = """
WITH fallback AS (
    SELECT CASE WHEN bool_or(is_default) THEN max(id) FILTER (WHERE is_default)
                WHEN count(*) = 1 THEN max(id) END AS id
    FROM outbox_transport WHERE is_active
), box AS (
    SELECT *, COALESCE(last_success, failing_since, next_poll) AS quiet_since,
           %(now)s - GREATEST(3 * interval_seconds * interval '1 second', %(mailbox)s) AS limit_
    FROM mailgate_mailbox WHERE is_active
)
SELECT 'mailbox', id::text, name, COALESCE(failing_since, quiet_since), 1 FROM box
WHERE quiet_since <= limit_ AND (
    failing_since IS NOT NULL
    OR (next_poll <= limit_ AND (leased_until IS NULL OR leased_until <= %(now)s))
)
UNION ALL
SELECT 'transport', t.id::text, t.name, t.failing_since, 1 FROM outbox_transport t, fallback
WHERE t.is_active AND t.failing_since <= %(now)s - %(transport)s AND EXISTS (
    SELECT 1 FROM outbox_outboundmessage m
    WHERE m.state IN ('queued', 'claimed', 'sending') AND COALESCE(m.transport_id, fallback.id) = t.id
)
UNION ALL
SELECT 'no-transport', '0', '', min(m.created), count(*) FROM outbox_outboundmessage m, fallback
WHERE m.state IN ('queued', 'claimed', 'sending') AND m.attempts > 0 AND m.created <= %(now)s - %(transport)s
    AND NOT EXISTS (
        SELECT 1 FROM outbox_transport t WHERE t.is_active AND t.id = COALESCE(m.transport_id, fallback.id)
    )
HAVING count(*) > 0
UNION ALL
SELECT CASE id WHEN %(worker_row)s THEN 'worker' ELSE 'beat' END, '0', '', at, 1 FROM work_heartbeat
WHERE id IN (%(worker_row)s, %(beat_row)s) AND at <= %(now)s - %(heartbeat)s
UNION ALL
SELECT 'canary', b.id::text, b.name, min(c.sent), count(*) FROM mailgate_canary c
JOIN mailgate_mailbox b ON b.id = c.mailbox_id AND b.is_active
JOIN outbox_transport t ON t.id = c.transport_id AND t.is_active
WHERE c.arrived IS NULL AND c.sent <= %(now)s - %(overdue)s AND c.sent > %(now)s - %(forgotten)s
    AND NOT EXISTS (
        SELECT 1 FROM mailgate_canary d
        WHERE d.mailbox_id = c.mailbox_id AND d.transport_id = c.transport_id
            AND d.sent > c.sent AND d.arrived IS NOT NULL
    )
GROUP BY b.id, b.name
UNION ALL
SELECT 'quarantine', '0', '', min(received), count(*) FROM mailgate_inboundmessage
WHERE state = 'quarantined' HAVING count(*) > 0
UNION ALL
SELECT 'stuck', '0', '', min(created), count(*) FROM outbox_outboundmessage
WHERE state IN ('failed', 'doubtful') HAVING count(*) > 0
UNION ALL
SELECT 'reaction', '0', '', min(e.at), count(*) FROM tickets_eventtask t
JOIN tickets_event e ON e.id = t.event_id
WHERE t.state = 'failed' HAVING count(*) > 0
"""


def look(*, now: datetime) -> list[Trouble]:
    """All troubles that the database knows of, the worst kind first, the oldest first within a kind.

    A mailbox: not read for three of its intervals (a minute at least), because it fails or because nobody
    has come. A transport: failing for three minutes while mail waits for it. A worker or beat: no sign of
    life for two minutes (one that never gave any is the doctor's business). Of a worker that is gone beat's
    silence says nothing new.
    """
    values: dict[str, Any] = {
        "now": now,
        "mailbox": MAILBOX_LEAST,
        "transport": TRANSPORT_AFTER,
        "heartbeat": HEARTBEAT_AFTER,
        "overdue": OVERDUE,
        "forgotten": CANARY_FORGOTTEN,
        "worker_row": WORKER,
        "beat_row": BEAT,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, values)
        found = [
            Trouble(kind=Kind(kind), key=key, name=name, since=since, n=int(n))
            for kind, key, name, since, n in cursor.fetchall()
        ]
    if any(one.kind == Kind.WORKER for one in found):
        found = [one for one in found if one.kind != Kind.BEAT]
    order = {kind: place for place, kind in enumerate(ORDER)}
    return sorted(found, key=lambda one: (order[one.kind], one.since, one.key))


def look_everywhere(*, now: datetime) -> list[Trouble]:
    """The same, with what only this machine knows: whether its disk is nearly full."""
    found = look(now=now)
    if (space := space_of(settings.VAR_DIR)) is not None and space.is_nearly_full:
        found.append(Trouble(kind=Kind.DISK, key="0", name="", since=now))
    return sorted(found, key=lambda one: ORDER.index(one.kind))


ORDER = (
    Kind.WORKER,
    Kind.BEAT,
    Kind.MAILBOX,
    Kind.TRANSPORT,
    Kind.NO_TRANSPORT,
    Kind.CANARY,
    Kind.DISK,
    Kind.STUCK,
    Kind.REACTION,
    Kind.QUARANTINE,
)
