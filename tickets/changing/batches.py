"""Work on many tickets that beat asks for: by batches, each a transaction of its own."""

from collections.abc import Callable, Sequence
from itertools import islice

from django.db.models import QuerySet

from tickets.facts import facts_of, values_of
from tickets.models import Ticket

BATCH = 20
TICKETS_MOST = 10_000
"""Of one run: it should be over when the next one is due."""


def by_batches(tickets: QuerySet[Ticket], work: Callable[[Sequence[int]], int]) -> int:
    """Give `work` the tickets' ids, a batch at a time, in their order; gives how many it says it has done."""
    ids = iter(list(tickets.values_list("pk", flat=True)[:TICKETS_MOST]))
    done = 0
    while batch := list(islice(ids, BATCH)):
        done += work(batch)
    return done


def work_out_terms(ids: Sequence[int]) -> None:
    """Compute what follows for these tickets before anybody's ticket is locked for it, which keeps it.

    The first holidays that a process looks up take it half a second and more.
    """
    for ticket in Ticket.objects.filter(pk__in=ids).select_related("queue"):
        values_of(facts_of(ticket), queue=ticket.queue)
