"""What a merge left behind: whose words a ticket holds, and what a merge can still be undone by."""

from collections.abc import Collection

from django.db.models import Max, Q

from accounts.models import Customer
from queues.access import Rights
from tickets.models import Article, Ticket, TicketMerge
from tickets.queries.threads import MERGED_STEPS

STANDS = Q(undone_at__isnull=True)


def customer_of(article: Article | None, *, ticket: Ticket) -> Customer | None:
    """Who an article of this ticket has to do with: if it was merged in, the customer of where it came from.

    One statement in a ticket that nothing was merged into.
    """
    at, customer = ticket.pk, ticket.customer
    if article is None or article.pk is None:
        return customer
    for _step in range(MERGED_STEPS):
        merges = TicketMerge.objects.filter(STANDS, target=at, articles__contains=[article.pk])
        merge = merges.select_related("source__customer").first()
        if merge is None:
            break
        at, customer = merge.source_id, merge.source.customer
    return customer


def merge_into(ticket: Ticket, *, merge_id: int, rights: Rights) -> TicketMerge | None:
    """What was merged into this ticket, if it is there, whether it was undone or not, and may be seen."""
    merges = TicketMerge.objects.filter(target=ticket, source__queue__in=sorted(rights.visible))
    return merges.select_related("source", "target").filter(pk=merge_id).first()


def merged_into(tickets: Collection[int]) -> frozenset[int]:
    """Those of these tickets (ids) into which something was merged. One statement."""
    merges = TicketMerge.objects.filter(STANDS, target__in=tickets)
    return frozenset(merges.values_list("target", flat=True))


def steps_to(ticket: Ticket) -> int:
    """Through how many merges the longest way to this ticket leads."""
    merges = TicketMerge.objects.filter(STANDS, target=ticket)
    return merges.aggregate(most=Max("steps"))["most"] or 0


def newer_message(merge: TicketMerge) -> Article | None:
    """What was said in the main ticket since: a note that an agent wrote is none."""
    newer = Article.objects.filter(ticket=merge.target_id, pk__gt=merge.newest_article)
    return newer.exclude(channel=Article.Channel.NOTE).select_related("agent").order_by("pk").first()


def is_last_into_its_ticket(merge: TicketMerge) -> bool:
    """Whether no other one was merged into the same ticket since."""
    return not TicketMerge.objects.filter(STANDS, target=merge.target_id, pk__gt=merge.pk).exists()
