"""How many tickets a second can be found by one worker: from the tasks of their events to committed rows."""

import time
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.natural import Writer
from kvv.celery import app
from search.models import TicketText
from search.tasks import index_waiting
from tickets.actor import Actor
from tickets.changing.events import NewEvent, record_all
from tickets.kinds import SEARCH, EventKind
from tickets.models import Article, EventTask, Ticket

MOST, WARM, WORDS = 600, 100, 75
SIZES = """
SELECT pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class AS c WHERE c.relname = 'search_tickettext'
"""


def measure_index() -> dict[str, float]:
    """Tickets a second of the newest 600, each of five articles of 75 words.

    `new`: they had no row. `again`: one more article came to each. `bytes`: of a row with its part of the
    indexes.
    """
    tickets = list(Ticket.objects.order_by("-pk")[: MOST + WARM])
    writer = Writer()
    _write(tickets, writer)
    EventTask.objects.all().delete()
    TicketText.objects.filter(ticket__in=tickets).delete()  # of what was measured before
    _rate(tickets[MOST:], EventKind.CREATED)
    new = _rate(tickets[:MOST], EventKind.CREATED)
    Article.objects.bulk_create(_more(ticket, writer) for ticket in tickets[:MOST])
    again = _rate(tickets[:MOST], EventKind.FOLLOW_UP)
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        size = sum(cursor.fetchone())
    rows = TicketText.objects.count()
    return {"new_per_s": round(new, 1), "again_per_s": round(again, 1), "bytes": round(size / rows)}


def _write(tickets: Sequence[Ticket], writer: Writer) -> None:
    articles = list(Article.objects.filter(ticket__in=tickets))
    for article in articles:
        article.text = writer.text(WORDS)
    Article.objects.bulk_update(articles, ["text"], batch_size=500)


def _more(ticket: Ticket, writer: Writer) -> Article:
    return Article(
        ticket=ticket,
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.IN,
        is_visible=True,
        subject=f"Re: {ticket.title}",
        from_header="Bench <bench@post.example>",
        text=writer.text(WORDS),
    )


def _rate(tickets: Sequence[Ticket], kind: EventKind) -> float:
    """Let this happen to each; gives how many a second are found by it then."""
    with transaction.atomic():
        told = [NewEvent(ticket=ticket, kind=kind) for ticket in tickets]
        record_all(told, actor=Actor.mail(), now=timezone.now())
    EventTask.objects.exclude(consumer=SEARCH).delete()
    app.control.purge()
    began = time.perf_counter()
    done = index_waiting()
    taken = time.perf_counter() - began
    if done != len(tickets) or EventTask.objects.exists():
        raise SystemExit(f"of {len(tickets)} tickets {done} can be found")
    return done / taken
