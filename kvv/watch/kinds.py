"""What can be wrong: how each kind is seen, what it is called, who is told, and where it is mended."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy


def _nowhere(_key: str) -> str:
    """No address: what is wrong is not mended in the browser."""
    return ""


def _row_of(table: str) -> Callable[[str], str]:
    """Gives the address of the trouble's own row of this table, in the admin."""
    return lambda key: reverse(f"admin:{table}_change", args=[key])


def _rows_of(table: str, which: str = "") -> Callable[[str], str]:
    """Gives the address of a list of this table, in the admin; `which` narrows it down."""
    return lambda _key: f"{reverse(f'admin:{table}_changelist')}{which}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleKind:
    """One kind of trouble.

    `name` is what the figures and the outages call it. `sql` selects a row for each: this name, the key of
    its row (or 0), what people call it, since when, and how many; it is part of one statement, over small
    tables and partial indexes. Without `sql`, whoever looks sees it some other way.

    `sentence` and `over` may name `name`, `since` and `n`, and `until`. A kind with `over` is told to the
    admins by mail, when it begins and when it is over; others are read on the pages. `is_for_admins`: others
    can do nothing about it, and don't read it. `stops_mail`: a mail about it may not leave before it is over.
    """

    name: str
    sentence: Promise | str
    sql: str = ""
    over: Promise | str = ""
    is_for_admins: bool = False
    stops_mail: bool = False
    place: Callable[[str], str] = field(default=_nowhere)

    def __reduce__(self) -> tuple[Callable[[str], "TroubleKind"], tuple[str]]:
        """A process keeps what it saw in a cache, which wants it pickled."""
        return kind_named, (self.name,)


WORKER_STILL = TroubleKind(
    name="worker",
    sql="""
SELECT 'worker', '0', '', at, 1 FROM work_heartbeat
WHERE id = %(worker_row)s AND at <= %(now)s - %(heartbeat)s
""",
    sentence=gettext_lazy(
        "KVV's background work has stood still since %(since)s: new mail does not become a ticket yet, "
        "and answers wait. Nothing gets lost."
    ),
)

# Of a worker that is gone beat's silence says nothing new.
BEAT_STILL = TroubleKind(
    name="beat",
    sql="""
SELECT 'beat', '0', '', at, 1 FROM work_heartbeat
WHERE id = %(beat_row)s AND at <= %(now)s - %(heartbeat)s AND NOT EXISTS (
    SELECT 1 FROM work_heartbeat WHERE id = %(worker_row)s AND at <= %(now)s - %(heartbeat)s
)
""",
    sentence=gettext_lazy(
        "KVV's clock has stood still since %(since)s: mailboxes are not read, and some mail waits. "
        "Nothing gets lost."
    ),
)

# A worker that lives and can't, as without a child to read mails in; of one that is gone it says nothing new.
UNDELIVERED = TroubleKind(
    name="undelivered",
    sql="""
SELECT 'undelivered', '0', '', min(received), count(*) FROM mailgate_inboundmessage
WHERE state IN ('queued', 'claimed') AND received <= %(now)s - %(undelivered)s AND NOT EXISTS (
    SELECT 1 FROM work_heartbeat WHERE id = %(worker_row)s AND at <= %(now)s - %(heartbeat)s
)
HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s mail has come in and is no ticket yet, since %(since)s. Nothing gets lost: it waits here.",
        "%(n)s mails have come in and are no tickets yet, since %(since)s. "
        "Nothing gets lost: they wait here.",
        "n",
    ),
    over=gettext_lazy(
        "All mail that came in has become tickets (it had to wait from %(since)s to %(until)s)."
    ),
    place=_rows_of("mailgate_inboundmessage", "?state__in=queued,claimed"),
)

MAILBOX = TroubleKind(
    name="mailbox",
    sql="""
SELECT 'mailbox', id::text, name, COALESCE(failing_since, quiet_since), 1 FROM box
WHERE quiet_since <= limit_ AND (
    failing_since IS NOT NULL
    OR (next_poll <= limit_ AND (leased_until IS NULL OR leased_until <= %(now)s))
)
""",
    sentence=gettext_lazy(
        "Mail to %(name)s does not come in at the moment, since %(since)s. "
        "Nothing gets lost: it waits on the mail server."
    ),
    over=gettext_lazy("Mail to %(name)s comes in again (it did not from %(since)s to %(until)s)."),
    place=_row_of("mailgate_mailbox"),
)

TRANSPORT = TroubleKind(
    name="transport",
    sql="""
SELECT 'transport', t.id::text, t.name, t.failing_since, 1 FROM outbox_transport t, fallback
WHERE t.is_active AND t.failing_since <= %(now)s - %(transport)s AND EXISTS (
    SELECT 1 FROM outbox_outboundmessage m
    WHERE m.state IN ('queued', 'claimed', 'sending') AND COALESCE(m.transport_id, fallback.id) = t.id
)
""",
    sentence=gettext_lazy(
        "Mail by %(name)s does not leave at the moment, since %(since)s. "
        "Nothing gets lost: your answers wait here and leave as soon as they can."
    ),
    over=gettext_lazy("Mail by %(name)s leaves again (it did not from %(since)s to %(until)s)."),
    stops_mail=True,
    place=_row_of("outbox_transport"),
)

NO_TRANSPORT = TroubleKind(
    name="no-transport",
    sql="""
SELECT 'no-transport', '0', '', min(m.created), count(*) FROM outbox_outboundmessage m, fallback
WHERE m.state IN ('queued', 'claimed', 'sending') AND m.last_error <> ''
    AND m.created <= %(now)s - %(transport)s AND NOT EXISTS (
        SELECT 1 FROM outbox_transport t WHERE t.is_active AND t.id = COALESCE(m.transport_id, fallback.id)
    )
HAVING count(*) > 0
""",
    sentence=gettext_lazy(
        "No mail leaves at the moment, since %(since)s: no outgoing mail server is set up for it. "
        "Nothing gets lost: your answers wait here."
    ),
    over=gettext_lazy("No mail waits for an outgoing mail server any more."),
    stops_mail=True,
    place=_rows_of("outbox_transport"),
)

CANARY = TroubleKind(
    name="canary",
    sql="""
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
""",
    sentence=gettext_lazy(
        "A test mail to %(name)s of %(since)s has not come in: mail from customers may be late, too."
    ),
    over=gettext_lazy("The test mail to %(name)s has come in after all, or is not waited for any more."),
    place=_row_of("mailgate_mailbox"),
)

DISK = TroubleKind(
    name="disk",
    sentence=gettext_lazy("The disk with KVV's files is nearly full. Make room before mail can't be kept."),
    over=gettext_lazy("There is room again on the disk with KVV's files."),
    is_for_admins=True,
)

# A refused answer is theirs until an agent has dealt with it; what no ticket tells of, for a while. A failed
# automatic answer is nobody's decision, nor is a mail that told an agent something.
STUCK = TroubleKind(
    name="stuck",
    sql="""
SELECT 'stuck', '0', '', min(m.created), count(*) FROM not_left m
LEFT JOIN LATERAL (
    SELECT a.id, a.sender_type, t.undelivered_article
    FROM tickets_article a JOIN tickets_ticket t ON t.id = a.ticket_id
    WHERE a.outbound_id = m.id LIMIT 1
) answer ON m.state <> 'doubtful'
WHERE answer.sender_type IS DISTINCT FROM 'system'
    AND (m.state <> 'refused' OR answer.id IS NULL OR answer.undelivered_article = answer.id)
    AND NOT EXISTS (SELECT 1 FROM notify_notificationmail n WHERE n.outbound_id = m.id)
HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s mail could not be sent or may not have arrived: decide whether to send it again.",
        "%(n)s mails could not be sent or may not have arrived: decide whether to send them again.",
        "n",
    ),
    is_for_admins=True,
    place=_rows_of("outbox_outboundmessage", "?state__in=refused,failed,doubtful"),
)

# What left and reached only some, or came back: its ticket tells of it until an agent has dealt with it.
# Where that stays closed, only somebody in Cc did not get it, and nobody has to decide.
NOT_ARRIVED = TroubleKind(
    name="not-arrived",
    sql="""
SELECT 'not-arrived', '0', string_agg(DISTINCT q.name, ', ' ORDER BY q.name), min(m.created), count(*)
FROM tickets_ticket t
JOIN tickets_article a ON a.id = t.undelivered_article
JOIN outbox_outboundmessage m ON m.id = a.outbound_id
JOIN queues_queue q ON q.id = t.queue_id
WHERE t.undelivered_article IS NOT NULL AND t.closed_at IS NULL
    AND m.state NOT IN ('failed', 'doubtful', 'refused')
HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s answer did not reach everybody: in its ticket (%(name)s) an agent has to decide.",
        "%(n)s answers did not reach everybody: in their tickets (%(name)s) an agent has to decide.",
        "n",
    ),
    is_for_admins=True,
    place=lambda _key: reverse("desk:queues"),
)

# The agent sees it on their own pages, too; another address of theirs mends it, or they do it themselves.
NOT_TOLD = TroubleKind(
    name="not-told",
    sql="""
SELECT 'not-told', a.id::text, COALESCE(NULLIF(trim(a.first_name || ' ' || a.last_name), ''), a.username),
    p.mail_stopped_at, 1
FROM accounts_preferences p JOIN accounts_agent a ON a.id = p.agent_id
WHERE p.mail_stopped_for <> '' AND p.mail_stopped_for = a.email AND a.is_active
""",
    sentence=gettext_lazy(
        "%(name)s is mailed no more about tickets, since %(since)s: three mails in a row came back. "
        "Correct the address."
    ),
    over=gettext_lazy("%(name)s is mailed about tickets again (it did not arrive from %(since)s)."),
    is_for_admins=True,
    place=_row_of("accounts_agent"),
)

REACTION = TroubleKind(
    name="reaction",
    sql="""
SELECT 'reaction', '0', '', min(e.at), count(*) FROM tickets_eventtask t
JOIN tickets_event e ON e.id = t.event_id
WHERE t.state = 'failed' HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s reaction to a mail failed, such as an automatic answer: have it tried again.",
        "%(n)s reactions to mails failed, such as automatic answers: have them tried again.",
        "n",
    ),
    is_for_admins=True,
    place=_rows_of("tickets_eventtask", "?state__exact=failed"),
)

# What waits while no worker lives is that worker's trouble.
BULK = TroubleKind(
    name="bulk",
    sql="""
SELECT 'bulk', '0', '', min(b.asked), count(*) FROM tickets_bulkticket t
JOIN tickets_bulk b ON b.id = t.bulk_id
WHERE t.state = 'failed' OR (
    t.state IN ('queued', 'claimed') AND b.asked <= %(now)s - %(bulk)s AND NOT EXISTS (
        SELECT 1 FROM work_heartbeat WHERE id = %(worker_row)s AND at <= %(now)s - %(heartbeat)s
    )
)
HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s ticket of a bulk action has not been changed: have it tried again.",
        "%(n)s tickets of bulk actions have not been changed: have them tried again.",
        "n",
    ),
    is_for_admins=True,
    place=_rows_of("tickets_bulkticket", "?state__exact=failed"),
)

# One at a time is made in the whole house, so that some wait for others; what is being made has a lease.
EXPORT = TroubleKind(
    name="export",
    sql="""
SELECT 'export', '0', '', min(e.asked), count(*) FROM search_export e
WHERE e.state = 'failed' OR (
    e.state IN ('queued', 'claimed') AND e.not_before <= %(now)s - %(export)s
    AND (e.leased_until IS NULL OR e.leased_until <= %(now)s) AND NOT EXISTS (
        SELECT 1 FROM work_heartbeat WHERE id = %(worker_row)s AND at <= %(now)s - %(heartbeat)s
    )
)
HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s file of tickets that an agent asked for has not been made: have it tried again.",
        "%(n)s files of tickets that agents asked for have not been made: have them tried again.",
        "n",
    ),
    is_for_admins=True,
    place=_rows_of("search_export", "?state__exact=failed"),
)

QUARANTINE = TroubleKind(
    name="quarantine",
    sql="""
SELECT 'quarantine', '0', '', min(received), count(*) FROM mailgate_inboundmessage
WHERE state = 'quarantined' HAVING count(*) > 0
""",
    sentence=ngettext_lazy(
        "%(n)s mail could not be read and is in quarantine: does somebody wait for an answer?",
        "%(n)s mails could not be read and are in quarantine: does somebody wait for an answer?",
        "n",
    ),
    is_for_admins=True,
    place=_rows_of("mailgate_inboundmessage", "?state__exact=quarantined"),
)

UNKNOWN_QUEUE = TroubleKind(
    name="unknown-queue",
    sql="""
SELECT 'unknown-queue', u.id::text, u.name, u.since, 1 FROM mailgate_unknownqueue u
WHERE u.asked > %(now)s - %(week)s AND NOT EXISTS (SELECT 1 FROM queues_queue q WHERE q.name = u.name)
""",
    sentence=gettext_lazy(
        "Mail is handed over for a queue named '%(name)s', which is not there, since %(since)s: give "
        "`ingest --queue` the queue's name of now. Nothing gets lost: the mail goes where its addresses lead."
    ),
    is_for_admins=True,
    place=_rows_of("queues_queue"),
)

RESTORED = TroubleKind(
    name="restored",
    sql="""
SELECT 'restored', '0', '', noted, held FROM work_restore WHERE settled IS NULL
""",
    sentence=ngettext_lazy(
        "KVV was put back to an earlier state (seen at %(since)s). %(n)s mail or reaction that waited then "
        "is held, as it may have left before: an administrator releases or drops it (manage.py restored).",
        "KVV was put back to an earlier state (seen at %(since)s). %(n)s mails and reactions that waited "
        "then are held, as they may have left before: an administrator releases or drops them "
        "(manage.py restored).",
        "n",
    ),
    over=gettext_lazy(
        "What was held since KVV was put back (seen at %(since)s) has been released or dropped."
    ),
    place=_rows_of("outbox_outboundmessage", "?state__exact=held"),
)

KINDS = (
    *(RESTORED, WORKER_STILL, BEAT_STILL, UNDELIVERED, MAILBOX, TRANSPORT, NO_TRANSPORT, CANARY, DISK),
    *(STUCK, NOT_ARRIVED, NOT_TOLD, REACTION, BULK, EXPORT, QUARANTINE, UNKNOWN_QUEUE),
)
"""All of them, the worst first."""

_NAMED = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> TroubleKind:
    """The kind of this name; raises `KeyError` where there is none."""
    return _NAMED[name]
