"""Finding the ticket that a mail belongs to, for a whole batch of mails at once."""

from collections.abc import Collection

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from tickets.models import Article, Ticket

MERGED_STEPS = 10
SAME_ID_MOST = 10


def tickets_by_numbers(numbers: Collection[str]) -> dict[str, Ticket]:
    """Number → ticket, merged ones replaced by the ticket they were merged into (OTRS 1.13)."""
    if not numbers:
        return {}
    tickets = Ticket.objects.filter(number__in=list(numbers)).select_related("queue")
    return {ticket.number: main_ticket(ticket) for ticket in tickets}


def articles_by_message_ids(message_ids: Collection[str]) -> dict[str, list[Article]]:
    """Message-ID → the articles that carry it, newest first, with their tickets; ours and incoming ones.

    More than one where a mail came for several queues, or a machine gives all its mails one id: of each queue
    and direction the newest ten, so that none hides another's. Bodies are read when they are asked for.
    """
    if not message_ids:
        return {}
    place = [F("message_id"), F("ticket__queue"), F("direction")]
    rank = Window(RowNumber(), partition_by=place, order_by=F("pk").desc())
    newest = Article.objects.filter(message_id__in=list(message_ids)).annotate(rank=rank)
    by_id: dict[str, list[Article]] = {}
    articles = newest.filter(rank__lte=SAME_ID_MOST).defer("text", "html").select_related("ticket__queue")
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
