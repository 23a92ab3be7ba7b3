"""Mails wait for the earlier ones that they answer or repeat, whatever became of those."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import Customer
from mailgate.delivery import deliver as module
from mailgate.delivery.customers import customers_of
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.parse import Address
from mailgate.tasks import deliver_waiting
from queues.models import Queue
from tests.factories import make_queue
from tests.races.meeting import PATIENCE_SECONDS
from tickets.changing.locking import lock_tickets
from tickets.errors import TicketBusy
from tickets.models import Ticket

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MAIL = "From: Karin Klant <karin@post.example>\r\nSubject: {subject}\r\n{head}\r\n{text}\r\n"


def mail(
    name: str, *, subject: str = "De hike", answers: str = "", way: str = "", text: str = "Hoi"
) -> bytes:
    head = f"Message-ID: <{name}@post.example>\r\n"
    head += f"In-Reply-To: <{answers}@post.example>\r\n" if answers else ""
    head += f"X-Way: {way}\r\n" if way else ""
    return MAIL.format(subject=subject, head=head, text=text).encode()


def taken_in(*mails: tuple[bytes, Queue]) -> list[InboundMessage]:
    arrivals = [Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue) for raw, queue in mails]
    return take_in_many(arrivals, lease=uuid4())


def deliver_the_rest() -> None:
    """As a minute later: all are due, and what was put back for less comes first."""
    waiting = InboundMessage.objects.filter(state=InboundMessage.QUEUED)
    waiting.update(not_before=F("not_before") - timedelta(minutes=1))
    deliver_waiting()


def states() -> list[str]:
    return list(InboundMessage.objects.order_by("pk").values_list("state", flat=True))


@contextmanager
def held(ticket: Ticket) -> Iterator[None]:
    """Somebody else has the ticket in hand."""
    has_it, enough = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock_tickets(ticket.pk)
                has_it.set()
                assert enough.wait(PATIENCE_SECONDS)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert has_it.wait(PATIENCE_SECONDS)
    try:
        yield
    finally:
        enough.set()
        thread.join()


@contextmanager
def fails_once(name: str, error: Exception) -> Iterator[None]:
    """An action fails the first time it is called."""
    real, left = getattr(module, name), [error]

    def once(**values: object) -> object:
        if left:
            raise left.pop()
        return real(**values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, once)
        yield


def test_what_answers_a_mail_that_waits_for_its_ticket_waits_too(queue: Queue) -> None:
    deliver(taken_in((mail("nul"), queue)))
    ticket = Ticket.objects.get()
    first, second = mail("een", subject=f"[Ticket#{ticket.number}]"), mail("twee", answers="een")
    rows = taken_in((first, queue), (second, queue))
    with held(ticket):
        deliver(rows)
    assert states() == ["delivered", "queued", "queued"]
    deliver_the_rest()
    assert Ticket.objects.get().articles.count() == 3


def test_what_answers_a_mail_that_failed_waits_for_it(queue: Queue) -> None:
    rows = taken_in((mail("een"), queue), (mail("twee", answers="een"), queue), (mail("drie"), queue))
    with fails_once("create_ticket", ValueError("once")):
        deliver(rows)
    assert states() == ["queued", "queued", "delivered"]
    deliver_the_rest()
    assert sorted(ticket.articles.count() for ticket in Ticket.objects.all()) == [1, 2]


def test_what_answers_a_mail_that_waits_its_turn_waits_too(queue: Queue) -> None:
    """The first failed and is not in the batch of the two others, of which the last answers the second."""
    with fails_once("create_ticket", ValueError("once")):
        deliver(taken_in((mail("een"), queue)))
    deliver(taken_in((mail("twee", answers="een"), queue), (mail("drie", answers="twee"), queue)))
    assert states() == ["queued", "queued", "queued"]
    deliver_the_rest()
    assert Ticket.objects.get().articles.count() == 3


def test_what_was_rolled_back_is_no_copy_of_anything(queue: Queue, other_queue: Queue) -> None:
    """The second mail makes its ticket and then fails; the third, the same for another queue, waits."""
    third = make_queue("Kamperen")
    deliver(taken_in((mail("een", way="1"), queue)))
    rows = taken_in((mail("een", way="2"), other_queue), (mail("een", way="3"), third))
    with fails_once("link_same_mail", TicketBusy()):
        deliver(rows)
    assert states() == ["delivered", "queued", "queued"]
    assert InboundMessage.objects.get(pk=rows[1].pk).last_error == ""
    deliver_the_rest()
    assert {ticket.queue for ticket in Ticket.objects.all()} == {queue, other_queue, third}


def test_of_two_copies_at_once_the_one_that_is_committed_late_waits(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row has the lower id, and nobody sees it yet while the other is on its way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('mailgate_inboundmessage', 'id'))")
        (drawn,) = cursor.fetchone()
    (later,) = taken_in((mail("een", way="2"), queue))
    real = customers_of

    def meanwhile(writers: Iterable[Address]) -> dict[str, Customer]:
        monkeypatch.setattr(module, "customers_of", real)
        thread = threading.Thread(target=_another_worker, args=(mail("een", way="1"), queue, drawn))
        thread.start()
        thread.join()
        return real(writers)

    monkeypatch.setattr(module, "customers_of", meanwhile)
    deliver([later])
    assert states() == ["queued", "delivered"]
    deliver_the_rest()
    assert states() == ["duplicate", "delivered"]
    assert Ticket.objects.count() == 1


def _another_worker(raw: bytes, queue: Queue, row_id: int) -> None:
    """Take in a mail under this id, and deliver it, in a transaction of another connection."""
    try:
        (row,) = taken_in((raw, queue))
        InboundMessage.objects.filter(id=row.pk).update(id=row_id)
        deliver(list(InboundMessage.objects.filter(pk=row_id)))
    finally:
        connection.close()
