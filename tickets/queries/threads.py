"""Finding the ticket that a mail belongs to, for a whole batch of mails at once."""

from collections.abc import Collection

from tickets.models import Article, Ticket

MERGED_STEPS = 10


def tickets_by_numbers(numbers: Collection[str]) -> dict[str, Ticket]:
    """Number → ticket, merged ones replaced by the ticket they were merged into (OTRS 1.13)."""
    if not numbers:
        return {}
    found = Ticket.objects.filter(number__in=list(numbers)).select_related("queue")
    return {ticket.number: main_ticket(ticket) for ticket in found}


def articles_by_message_ids(message_ids: Collection[str]) -> dict[str, Article]:
    """Message-ID → the newest article that carries it, with its ticket; ours and incoming ones alike."""
    if not message_ids:
        return {}
    found = (
        Article.objects.filter(message_id__in=list(message_ids))
        .select_related("ticket__queue")
        .order_by("pk")
    )
    return {article.message_id: article for article in found}


def main_ticket(ticket: Ticket) -> Ticket:
    """The ticket itself, or what it was merged into, through at most ten steps."""
    for _step in range(MERGED_STEPS):
        if ticket.merged_into_id is None:
            break
        ticket = Ticket.objects.select_related("queue").get(pk=ticket.merged_into_id)
    return ticket
