"""Articles by their Message-IDs: the newest, whatever else has the same, and never all that ever had one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from queues.models import Queue
from tests.factories import make_ticket
from tickets.models import Article, Ticket
from tickets.queries.threads import SAME_ID_MOST, SAME_ID_READ, articles_by_message_ids

pytestmark = pytest.mark.django_db

SCAN = "scan@post.example"
MANY = 2000


def articles(
    ticket: Ticket, count: int, *, message_id: str = SCAN, direction: str = Article.Direction.IN
) -> list[Article]:
    """So many of them, oldest first."""
    return Article.objects.bulk_create(
        Article(
            ticket=ticket,
            sender_type=Article.SenderType.CUSTOMER,
            channel=Article.Channel.EMAIL,
            direction=direction,
            is_visible=True,
            message_id=message_id,
        )
        for _n in range(count)
    )


def rows_read(*message_ids: str) -> float:
    """The most articles that any step of the plans reads, those included that it throws away."""
    with CaptureQueriesContext(connection) as asked:
        articles_by_message_ids(message_ids)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_article")
        cursor.execute("SET LOCAL enable_seqscan = off")
        steps: list[dict[str, Any]] = []
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}".replace("%", "%%"))
            ((plans,),) = cursor.fetchall()
            steps += _steps(plans[0]["Plan"])
    return max(_rows_of(step) for step in steps if step.get("Relation Name") == "tickets_article")


def _rows_of(step: dict[str, Any]) -> float:
    rows: float = (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
    return rows


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for inner in step.get("Plans", ()):
        yield from _steps(inner)


def test_of_an_id_that_all_mails_of_a_scanner_have_only_the_newest_are_read(ticket: Ticket) -> None:
    scans = articles(ticket, MANY)
    found = articles_by_message_ids([SCAN])[SCAN]
    assert found == scans[: -SAME_ID_MOST - 1 : -1]
    assert rows_read(SCAN) == pytest.approx(SAME_ID_READ, abs=1)


def test_none_hides_anothers_of_another_queue_or_direction(ticket: Ticket, other_queue: Queue) -> None:
    other = make_ticket(other_queue)
    (theirs,) = articles(other, 1)
    (ours,) = articles(ticket, 1, direction=Article.Direction.OUT)
    newest = articles(ticket, SAME_ID_MOST + 5)[-SAME_ID_MOST:]
    assert set(articles_by_message_ids([SCAN])[SCAN]) == {theirs, ours, *newest}


def test_who_sends_any_number_of_mails_with_an_id_of_ours_does_not_hide_ours(ticket: Ticket) -> None:
    (ours,) = articles(ticket, 1, direction=Article.Direction.OUT)
    articles(ticket, MANY)
    assert articles_by_message_ids([SCAN])[SCAN][-1] == ours


def test_each_id_is_asked_for_by_itself_and_none_by_no_id(ticket: Ticket) -> None:
    articles(ticket, 1, message_id="")
    one, two = (articles(ticket, 1, message_id=name)[0] for name in ("een@x.example", "twee@x.example"))
    asked = ["een@x.example", "twee@x.example", "drie@x.example", ""]
    assert articles_by_message_ids(asked) == {"een@x.example": [one], "twee@x.example": [two]}
