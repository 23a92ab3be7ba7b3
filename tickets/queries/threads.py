"""Finding the ticket that a mail belongs to, for a whole batch of mails at once."""

from collections.abc import Collection

from django.db import connection

from tickets.models import Article, Ticket

MERGED_STEPS = 10
SAME_ID_MOST = 10
SAME_ID_READ = 200
# Ours apart from what came in: who sends any number of mails with an id of ours does not hide it. Each id is
# looked up by itself, and each ticket, so that no estimate of PostgreSQL's makes it read all of them.
NEWEST = """
SELECT id FROM (
    SELECT newest.id, row_number() OVER (
        PARTITION BY wanted.message_id, way.direction, newest.queue_id ORDER BY newest.id DESC
    ) AS place
    FROM unnest(%s::text[]) AS wanted (message_id)
    CROSS JOIN unnest(%s::text[]) AS way (direction)
    CROSS JOIN LATERAL (
        SELECT article.id, (
            SELECT queue_id FROM tickets_ticket AS ticket WHERE ticket.id = article.ticket_id
        ) AS queue_id
        FROM tickets_article AS article
        WHERE article.message_id = wanted.message_id AND article.message_id <> ''
            AND article.direction = way.direction
        ORDER BY article.id DESC LIMIT %s
    ) AS newest
) AS ranked WHERE place <= %s
"""


def tickets_by_numbers(numbers: Collection[str]) -> dict[str, Ticket]:
    """Number → ticket, merged ones replaced by the ticket they were merged into (OTRS 1.13)."""
    if not numbers:
        return {}
    tickets = Ticket.objects.filter(number__in=list(numbers)).select_related("queue")
    return {ticket.number: main_ticket(ticket) for ticket in tickets}


def articles_by_message_ids(message_ids: Collection[str]) -> dict[str, list[Article]]:
    """Message-ID → the articles that carry it, newest first, with their tickets; ours and incoming ones.

    More than one where a mail came for several queues, or a machine gives all its mails one id: of each queue
    and direction the newest ten, so that none hides another's, among the newest 200 of a direction: no more
    of them are read, however many there are. Bodies are read when they are asked for. Two statements, one
    where there are none.
    """
    by_id: dict[str, list[Article]] = {}
    if ids := _newest(message_ids):
        articles = Article.objects.filter(pk__in=ids).defer("text", "html").select_related("ticket__queue")
        for article in articles.order_by("-pk"):
            by_id.setdefault(article.message_id, []).append(article)
    return by_id


def main_ticket(ticket: Ticket) -> Ticket:
    """The ticket itself, or what it was merged into, through at most ten steps."""
    for _step in range(MERGED_STEPS):
        if ticket.merged_into_id is None:
            break
        ticket = Ticket.objects.select_related("queue").get(pk=ticket.merged_into_id)
    return ticket


def _newest(message_ids: Collection[str]) -> list[int]:
    """The ids of those articles."""
    if not message_ids:
        return []
    with connection.cursor() as cursor:
        wanted, ways = list({*message_ids}), Article.Direction.values
        cursor.execute(NEWEST, [wanted, ways, SAME_ID_READ, SAME_ID_MOST])
        return [pk for (pk,) in cursor.fetchall()]
