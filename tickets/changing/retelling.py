"""What a ticket's row says of its articles, computed again from all of them: a merge moves some.

Its own states are its own story: when it was closed first and opened again stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from tickets.changing.changes import Changes
from tickets.facts import Wrote, facts_after, facts_of, values_of
from tickets.models import Article, Attachment, Ticket

Sender = Article.SenderType


def retell_overview(changes: Changes) -> None:
    """What lists show of the articles. Two statements."""
    ticket = changes.ticket
    is_contact = Q(is_visible=True) & ~Q(sender_type=Sender.SYSTEM)
    makes_unread = Q(sender_type=Sender.CUSTOMER) | Q(direction=Article.Direction.IN)
    shown = ticket.articles.aggregate(
        article_count=Count("pk"),
        time_units=Coalesce(Sum("time_units"), 0, output_field=Ticket._meta.get_field("time_units")),
        last_contact=Max("created", filter=is_contact),
        latest_customer_article=Max("pk", filter=makes_unread),
    )
    files = Attachment.objects.filter(article__ticket=ticket, is_inline=False).count()
    changes.set(attachment_count=files, **shown)


def retell_facts(changes: Changes) -> None:
    """What its terms follow from, and the terms. One statement.

    A ticket without facts is left to the sweeper, which reads the whole story.
    """
    ticket = changes.ticket
    if ticket.internal_until is None:
        return
    unsaid = replace(
        facts_of(ticket), first_answer_at=None, last_answer_at=None, waits_since=None, internal_until=None
    )
    facts = facts_after(unsaid, wrote_in([ticket]).get(ticket.pk, ()))
    changes.set(**values_of(facts, queue=ticket.queue))


def wrote_in(tickets: Iterable[Ticket]) -> Mapping[int, list[Wrote]]:
    """Ticket's id → what was written in it, in its order. One statement.

    Nobody waits for an answer to what a machine wrote, unless the ticket began with it.
    """
    rows = Article.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).order_by("pk")
    by_ticket: dict[int, list[Wrote]] = {}
    for ticket_id, sender_type, is_visible, is_automatic, at in rows.values_list(
        "ticket_id", "sender_type", "is_visible", "is_automatic", "created"
    ):
        waits = ticket_id not in by_ticket or not is_automatic
        wrote = Wrote(sender_type=sender_type, is_visible=is_visible, waits=waits, at=at)
        by_ticket.setdefault(ticket_id, []).append(wrote)
    return by_ticket
