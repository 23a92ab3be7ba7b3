"""A batch of mails in one transaction: what fails takes nobody with it, what is done is recorded at once."""

from uuid import uuid4

import pytest
from django.db import connection

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from tickets.models import Article, Event, Ticket

pytestmark = pytest.mark.django_db(transaction=True)

REFUSE = """
CREATE FUNCTION tests_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tickets_ticket WHERE id = NEW.ticket_id AND title = 'Kapot') THEN
        RAISE EXCEPTION 'refused for the test';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tests_refuse BEFORE INSERT ON tickets_event FOR EACH ROW EXECUTE FUNCTION tests_refuse();
"""
NO_REFUSE = "DROP TRIGGER tests_refuse ON tickets_event; DROP FUNCTION tests_refuse();"


def mail(n: int, subject: str) -> bytes:
    head = f"From: k{n}@post.example\r\nSubject: {subject}\r\nMessage-ID: <m{n}@post.example>\r\n"
    return f"{head}\r\nHoi\r\n".encode()


def taken_in(queue: Queue, *subjects: str) -> list[InboundMessage]:
    arrivals = [
        Arrival(raw=mail(n, subject), way=InboundMessage.Way.PIPE, queue=queue)
        for n, subject in enumerate(subjects)
    ]
    return take_in_many(arrivals, lease=uuid4())


@pytest.mark.committed
def test_a_mail_that_fails_at_its_last_statement_leaves_nothing_and_takes_no_other_with_it(
    queue: Queue,
) -> None:
    rows = taken_in(queue, "Een", "Kapot", "Drie")
    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    try:
        deliver(rows)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(NO_REFUSE)
    assert sorted(Ticket.objects.values_list("title", flat=True)) == ["Drie", "Een"]
    assert (Article.objects.count(), Event.objects.count()) == (2, 2)
    states = dict(InboundMessage.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["delivered", "queued", "delivered"]
    broken = InboundMessage.objects.get(pk=rows[1].pk)
    assert "refused for the test" in broken.last_error


@pytest.mark.committed
def test_each_row_names_its_own_article_and_gives_its_lease_back(queue: Queue) -> None:
    rows = taken_in(queue, "Een", "Twee", "Drie")
    deliver(rows)
    for row in InboundMessage.objects.select_related("article__ticket").order_by("pk"):
        assert row.article is not None
        assert row.article.message_id == row.message_id
        assert (row.lease, row.leased_until, row.action) == (None, None, "new")
    assert [ticket.title for ticket in Ticket.objects.order_by("pk")] == ["Een", "Twee", "Drie"]


@pytest.mark.committed
def test_mails_that_another_worker_took_over_are_left_to_it(queue: Queue) -> None:
    rows = taken_in(queue, "Een", "Twee")
    InboundMessage.objects.filter(pk=rows[0].pk).update(lease=uuid4())
    deliver(rows)
    states = [row.state for row in InboundMessage.objects.order_by("pk")]
    assert states == ["claimed", "delivered"]
    assert Ticket.objects.get().title == "Twee"
