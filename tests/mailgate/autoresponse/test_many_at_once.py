"""The automatic answers of a batch: one transaction, few statements, and none suffers for another."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from blobs.models import Blob
from mailgate.autoresponse.answers import answers
from mailgate.models import AutoResponseSent
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage, Recipient
from queues.models import Queue
from tests.factories import NOW, customer_mail, make_auto_response, make_ticket
from tests.mailgate.delivery.test_batch import NO_REFUSE, REFUSE
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.changing.locking import savepoint_of_action
from tickets.kinds import AUTORESPONSE, EventKind, Withheld
from tickets.models import Article, Event, EventTask, Ticket
from work.rows import WorkRow
from work.trace import traced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told")]

STATEMENTS_AN_ANSWER = 4
BATCH = 20


def follow_up(ticket: Ticket, n: int, **changes: Any) -> Article:
    address = f"n{n}@post.example"
    mail = customer_mail(from_header=address, from_address=address, **changes)
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=mail, now=NOW).written


def counts_agree(ticket: Ticket) -> bool:
    ticket.refresh_from_db()
    return ticket.article_count == ticket.articles.count()


def test_an_answer_costs_few_statements_and_the_batch_rings_once(
    queue: Queue, django_capture_on_commit_callbacks: Any
) -> None:
    make_auto_response(queue)
    for n in range(BATCH):
        address = f"n{n}@post.example"
        make_ticket(queue, article=customer_mail(from_header=address, from_address=address))
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as rings:
        assert autoresponse() == BATCH
    assert OutboundMessage.objects.count() == BATCH
    assert len(rings) == 1
    assert len(asked) / BATCH <= STATEMENTS_AN_ANSWER


def test_each_answer_is_its_own_mails(queue: Queue) -> None:
    make_auto_response(queue)
    tickets = []
    for n in range(3):
        with traced(f"story {n}"):
            tickets.append(make_ticket(queue, article=customer_mail(from_header=f"n{n}@post.example")))
    follow_up(tickets[1], 1)  # for which there is no text
    autoresponse()
    for n, ticket in enumerate(tickets):
        made = ticket.articles.get(direction=Article.Direction.OUT)
        assert made.outbound is not None
        assert (made.outbound.message_id, made.outbound.trace) == (made.message_id, f"story {n}")
        assert [str(each) for each in made.outbound.recipients.all()] == [f"n{n}@post.example"]
        assert ticket.events.get(kind=EventKind.AUTO_RESPONDED).article == made
        assert counts_agree(ticket)


def test_what_happened_to_one_ticket_is_told_in_its_order(queue: Queue, ticket: Ticket) -> None:
    EventTask.objects.all().delete()
    make_auto_response(queue, kind="follow_up")
    asked = [follow_up(ticket, n, is_automatic=n % 2 == 0) for n in range(4)]
    autoresponse()
    told = list(ticket.events.exclude(kind__in=(EventKind.CREATED, EventKind.FOLLOW_UP)).order_by("pk"))
    kinds = [EventKind.AUTO_WITHHELD, EventKind.AUTO_RESPONDED]
    assert [event.kind for event in told] == kinds * 2
    assert [told[0].article, told[2].article] == [asked[0], asked[2]]
    assert counts_agree(ticket)


def test_what_is_answered_already_is_neither_sent_nor_told_again(queue: Queue, ticket: Ticket) -> None:
    make_auto_response(queue)
    autoresponse()
    EventTask.objects.create(event=Event.objects.get(kind=EventKind.CREATED), consumer=AUTORESPONSE)
    others = [make_ticket(queue, article=customer_mail(from_header=f"n{n}@post.example")) for n in range(2)]
    assert autoresponse() == 3
    for each in (ticket, *others):
        assert each.events.filter(kind=EventKind.AUTO_RESPONDED).count() == 1
        assert each.articles.count() == 2
        assert counts_agree(each)
    assert OutboundMessage.objects.count() == AutoResponseSent.objects.count() == 3
    assert not EventTask.objects.exists()


def test_what_one_answer_fails_with_is_no_part_of_the_next_in_the_same_ticket(
    queue: Queue, ticket: Ticket, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of four can't be written: the third counts from the first."""
    settings.AUTO_RESPONSES_PER_TICKET = 2
    EventTask.objects.all().delete()
    make_auto_response(queue, kind="follow_up")
    for n in range(4):
        follow_up(ticket, n)
    events, made = list(Event.objects.filter(kind=EventKind.FOLLOW_UP).order_by("pk")), []
    with transaction.atomic(), answers(events) as respond:
        for n, event in enumerate(events):
            with suppress(ZeroDivisionError), savepoint_of_action():
                if n == 1:
                    monkeypatch.setattr("tickets.letters.letter.build_mime", lambda _mail: 1 / 0)
                try:
                    respond(event)
                finally:
                    monkeypatch.undo()
                made.append(n)
    assert made == [0, 2, 3]
    assert OutboundMessage.objects.count() == AutoResponseSent.objects.count() == 2
    assert (
        Event.objects.get(kind=EventKind.AUTO_WITHHELD).changes["withheld"][1]["id"]
        == Withheld.ENOUGH_IN_TICKET
    )
    assert counts_agree(ticket)


def test_the_limits_count_what_the_same_batch_sends(queue: Queue, settings: Any) -> None:
    settings.AUTO_RESPONSES_PER_ADDRESS = 2
    make_auto_response(queue)
    for name in "abc":
        make_ticket(queue, article=customer_mail(from_header=f"{name} <x@post.example>"))
    autoresponse()
    assert OutboundMessage.objects.count() == AutoResponseSent.objects.count() == 2
    assert Event.objects.filter(kind=EventKind.AUTO_WITHHELD).count() == 1


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_an_answer_that_the_database_refuses_leaves_nothing_and_takes_no_other_with_it(
    queue: Queue, settings: Any
) -> None:
    """It fails at the last of its rows, and counts for no limit: the one after it is the second."""
    settings.AUTO_RESPONSES_PER_ADDRESS = 2
    make_auto_response(queue)
    tickets = [make_ticket(queue, title=title) for title in ("Een", "Kapot", "Drie", "Vier")]
    blobs = Blob.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    try:
        assert autoresponse() == 4
    finally:
        with connection.cursor() as cursor:
            cursor.execute(NO_REFUSE)
    answered = [ticket.articles.filter(direction=Article.Direction.OUT).count() for ticket in tickets]
    assert answered == [1, 0, 1, 0]
    assert all(counts_agree(ticket) for ticket in tickets)
    assert (
        OutboundMessage.objects.count() == Recipient.objects.count() == AutoResponseSent.objects.count() == 2
    )
    assert Blob.objects.count() == blobs + 2
    assert Event.objects.get(kind=EventKind.AUTO_WITHHELD).ticket == tickets[3]
    task = EventTask.objects.get()
    assert (task.event.ticket, task.state, task.attempts) == (tickets[1], WorkRow.QUEUED, 1)
    assert "refused for the test" in task.last_error
