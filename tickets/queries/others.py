"""Finding another ticket, to be linked with one or merged with it: by its number, or in a short list.

What it costs does not grow with the archive: of numbers the tickets of one day are looked at, of words the
titles of the customer's newest tickets and of the newest in each queue.
"""

import re
from collections.abc import Collection

from django.conf import settings
from django.db import connection

from queues.access import Rights
from tickets.access import find_main_ticket
from tickets.models import Ticket
from tickets.queries.which import OPEN

OFFERED_MOST = 8
DIGITS_LEAST = 8
"""By so many digits a number is looked for: they name its day."""
WORDS_MOST = 5
OF_CUSTOMER_MOST = 200
NEWEST, NEWEST_LEAST = 2_000, 20
"""So many titles are looked at in all queues together, but so many in each."""

BY_NUMBER = """
SELECT t.id FROM tickets_ticket AS t
WHERE t.number LIKE %(prefix)s AND t.queue_id = ANY(%(queues)s) AND t.id <> %(ticket)s
    AND t.merged_into_id IS NULL
ORDER BY t.id DESC LIMIT %(limit)s
"""
OF_CUSTOMER = """
SELECT t.id, t.queue_id, t.title, t.closed_at, t.merged_into_id, true AS is_theirs FROM tickets_ticket AS t
WHERE t.customer_id = %(customer)s ORDER BY t.id DESC LIMIT %(of_customer)s
"""
OF_QUEUES = """
SELECT t.id, t.queue_id, t.title, t.closed_at, t.merged_into_id, false
FROM unnest(%(queues)s::bigint[]) AS wanted (queue_id) CROSS JOIN LATERAL (
    (SELECT * FROM tickets_ticket AS t WHERE t.queue_id = wanted.queue_id AND {open}
    ORDER BY t.created DESC, t.id DESC LIMIT %(newest)s)
    UNION ALL
    (SELECT * FROM tickets_ticket AS t WHERE t.queue_id = wanted.queue_id AND t.closed_at IS NOT NULL
    ORDER BY t.closed_at DESC, t.id DESC LIMIT %(newest)s)
) AS t
"""
BY_TITLE = """
SELECT id FROM (({arms})) AS t
WHERE queue_id = ANY(%(queues)s) AND id <> %(ticket)s AND merged_into_id IS NULL
    AND title ILIKE ALL(%(words)s) AND (closed_at IS NULL OR NOT %(only_open)s)
GROUP BY id ORDER BY bool_or(is_theirs) DESC, bool_or(closed_at IS NULL) DESC, id DESC LIMIT %(limit)s
"""


def ticket_named(text: str, *, rights: Rights) -> Ticket | None:
    """The ticket whose whole number was typed, or what that was merged into; None if it may not be seen."""
    try:
        ticket = find_main_ticket(number=_number(text), rights=rights)
    except Ticket.DoesNotExist:
        return None
    return ticket if ticket.merged_into_id is None else None


def looks_like_number(text: str) -> bool:
    """Whether a ticket's number was meant, rather than words."""
    number = _number(text)
    return number.isascii() and number.isdigit() and len(number) >= DIGITS_LEAST


def tickets_like(
    text: str, *, ticket: Ticket, queues: Collection[int], only_open: bool = False
) -> list[Ticket]:
    """A few tickets of these queues that may be meant, those of the same customer first; two statements.

    By the first digits of their number, or by words of their title; without a text the customer's own.
    """
    if looks_like_number(text):
        statement, arms = BY_NUMBER, ""
    else:
        arms = OF_CUSTOMER if not text.strip() else f"{OF_CUSTOMER}) UNION ALL ({OF_QUEUES}"
        statement = BY_TITLE.format(arms=arms.format(open=OPEN.where))
    values = {
        "ticket": ticket.pk,
        "customer": ticket.customer_id,
        "queues": sorted(queues),
        "prefix": f"{_number(text)}%",
        "words": [_as_pattern(word) for word in text.split()[:WORDS_MOST]] or ["%"],
        "only_open": only_open,
        "of_customer": OF_CUSTOMER_MOST,
        "newest": max(NEWEST_LEAST, NEWEST // max(1, len(queues))),
        "limit": OFFERED_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Ticket.objects.filter(queue_id__in=queues).select_related("state", "owner", "customer")
    tickets = found.in_bulk(ids)
    return [tickets[pk] for pk in ids if pk in tickets]


def _number(text: str) -> str:
    """What was typed or pasted, as '[Ticket#2026112410000313]', without what stands around the number."""
    hook = rf"\[?\s*{re.escape(settings.TICKET_HOOK)}:?\s*"
    return re.sub(rf"\A{hook}|\]\Z", "", text.strip(), flags=re.IGNORECASE).strip()


def _as_pattern(word: str) -> str:
    """What finds a word anywhere in a title; its own signs mean themselves."""
    escaped = re.sub(r"([\\%_])", r"\\\1", word.replace("\0", ""))
    return f"%{escaped}%"
