"""Two workers, two drains, two beats: nothing is done twice, and nobody waits for the other in vain."""

import smtplib
import threading
import uuid
from contextlib import nullcontext
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Agent, Customer, CustomerAddress
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.tasks import deliver_waiting
from outbox import send as sending
from outbox import smtp
from outbox.models import OutboundMessage, Transport
from outbox.send import send_due
from queues.models import Queue
from tests.factories import make_ticket
from tests.outbox.mailserver import queued
from tests.races.meeting import PATIENCE_SECONDS, at_once
from tests.smtp_server import Server
from tests.tickets.bulks import asked, joined
from tickets.bulk_work import work_off
from tickets.models import Article, BulkTicket, Priority, Ticket
from tickets.tally import FOLD, fold, wrong_tallies
from work.heartbeat import beat
from work.locks import Lock
from work.models import Heartbeat

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MAILS = 12


def test_several_workers_at_a_bulk_action_do_each_ticket_once(queue: Queue, owner: Agent) -> None:
    tickets = [make_ticket(queue) for _n in range(60)]
    bulk = asked(owner, tickets, priority=Priority.HIGH)
    done = at_once(*[work_off] * 3)
    assert sum(map(int, map(str, done))) == len(tickets)
    assert set(bulk.rows.values_list("state", flat=True)) == {BulkTicket.DONE}
    assert {ticket.events.count() for ticket in tickets} == {2}


def test_two_agents_at_the_same_tickets_by_bulk_the_second_is_told_of_each(
    queue: Queue, owner: Agent, colleague: Agent
) -> None:
    """Whoever is second with a ticket leaves it as the first wanted it."""
    tickets = [make_ticket(queue) for _n in range(20)]
    bulks = [
        asked(owner, tickets, priority=Priority.HIGH),
        asked(colleague, tickets, priority=Priority.LOW),
    ]
    at_once(work_off, work_off)
    states = [row.state for bulk in bulks for row in bulk.rows.all()]
    assert (states.count(BulkTicket.DONE), states.count(BulkTicket.REFUSED)) == (20, 20)
    assert {ticket.events.count() for ticket in tickets} == {2}


def test_tickets_that_two_agents_merge_each_into_another_are_one_in_the_end(
    queue: Queue, owner: Agent, colleague: Agent
) -> None:
    """Whichever of both main tickets was the faster: what comes later follows to where it went."""
    tickets = [make_ticket(queue) for _n in range(12)]
    bulks = [joined(owner, tickets, into=tickets[0]), joined(colleague, tickets, into=tickets[-1])]
    at_once(*[work_off] * 3)
    while waiting := BulkTicket.objects.filter(state=BulkTicket.QUEUED, bulk__in=bulks):
        waiting.update(not_before=timezone.now())
        work_off()
    assert not BulkTicket.objects.filter(state=BulkTicket.FAILED).exists()
    main = Ticket.objects.get(merged_into=None)
    assert main.articles.count() == len(tickets)
    assert wrong_tallies() == 0


def raw(n: int, *, sender: str = "") -> bytes:
    sender = sender or f"klant{n}@post.example"
    return (
        f"From: {sender}\r\nSubject: Vraag {n}\r\nMessage-ID: <vraag{n}@post.example>\r\n\r\nMail {n}\r\n"
    ).encode()


def taken_in(*mails: bytes, claimed: bool = False) -> list[InboundMessage]:
    arrivals = [Arrival(raw=mail, way=InboundMessage.Way.PIPE) for mail in mails]
    return take_in_many(arrivals, lease=uuid.uuid4() if claimed else None)


def test_two_mails_of_one_new_customer_at_once_make_one_customer(queue: Queue) -> None:
    both_have_looked = threading.Barrier(2)

    def naively(address: str) -> object:
        """Look, and make what is not there."""
        known = CustomerAddress.objects.filter(address=address).first()
        both_have_looked.wait(PATIENCE_SECONDS)
        try:
            with transaction.atomic():
                customer = Customer.objects.create(code=address)
                return known or CustomerAddress.objects.create(customer=customer, address=address)
        except IntegrityError as error:
            return error

    looked = at_once(*[partial(naively, "eerder@post.example")] * 2)
    assert sum(isinstance(result, IntegrityError) for result in looked) == 1

    batches = [taken_in(raw(n, sender="nieuw@post.example"), claimed=True) for n in range(2)]
    at_once(*[partial(deliver, batch) for batch in batches])
    assert CustomerAddress.objects.filter(address="nieuw@post.example").count() == 1
    assert Customer.objects.filter(code="nieuw@post.example").count() == 1
    tickets = Ticket.objects.filter(customer__code="nieuw@post.example")
    assert tickets.count() == 2
    assert InboundMessage.objects.filter(state=InboundMessage.DELIVERED).count() == 2


def test_two_drains_of_the_inbox_deliver_each_mail_once(queue: Queue) -> None:
    rows = taken_in(*[raw(n) for n in range(MAILS)])
    due = InboundMessage.objects.filter(InboundMessage.due_condition(now=timezone.now()))
    read = at_once(*[lambda: list(due.values_list("pk", flat=True))] * 2)
    assert read[0] == read[1]  # without a claim, both would work on all of them
    at_once(deliver_waiting, deliver_waiting)
    assert Ticket.objects.count() == Article.objects.count() == len(rows) == MAILS
    assert wrong_tallies() == 0


def test_two_drains_of_the_outbox_send_each_mail_once(server: Server) -> None:
    for n in range(MAILS):
        queued(key=str(n), mime=f"Subject: Antwoord {n}\r\n\r\nZo.\r\n".encode())
    due = OutboundMessage.objects.filter(OutboundMessage.due_condition(now=timezone.now()))
    read = at_once(*[lambda: list(due.values_list("pk", flat=True))] * 2)
    assert read[0] == read[1]  # without a claim, both would send all of them
    at_once(send_due, send_due)
    taken = [envelope.original_content for envelope in server.taken]
    assert len(taken) == len(set(taken)) == MAILS
    assert OutboundMessage.objects.filter(state=OutboundMessage.SENT).count() == MAILS


def test_a_second_worker_leaves_a_server_alone_while_the_first_speaks_with_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = list[object]()

    def while_another_comes(transport: Transport) -> smtplib.SMTP:
        monkeypatch.setattr(sending, "connect", smtp.connect)
        came.extend(at_once(send_due))
        return smtp.connect(transport)

    def send_more_than_a_batch() -> None:
        for _ in range(sending.BATCH + 1):
            queued(key=uuid.uuid4().hex)
        monkeypatch.setattr(sending, "connect", while_another_comes)
        send_due()

    with monkeypatch.context() as careless:
        careless.setattr(sending, "hold_lock", lambda _lock, which: nullcontext(enter_result=which > 0))
        send_more_than_a_batch()
    send_more_than_a_batch()
    assert came == [1, 0]
    assert OutboundMessage.objects.filter(state=OutboundMessage.SENT).count() == 2 * (sending.BATCH + 1)


def test_the_same_dedupe_key_at_once_is_one_mail() -> None:
    def queue_it() -> object:
        try:
            return queued(message_id=f"{uuid.uuid4()}@kvv.example")
        except IntegrityError as error:
            return error

    made = [result for result in at_once(queue_it, queue_it) if isinstance(result, OutboundMessage)]
    assert len(set(made)) == OutboundMessage.objects.count() == 1


def test_a_second_beat_does_not_wait_for_the_first(queue: Queue) -> None:
    make_ticket(queue)

    def without_the_lock() -> object:
        """What another beat would do: wait for the rows that the first is folding."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                cursor.execute(FOLD)
        except OperationalError as error:
            return error
        return None

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.FOLD_TALLIES])
        cursor.execute(FOLD)
        waited, folded = at_once(without_the_lock, fold)
    assert isinstance(waited, OperationalError)
    assert folded is False
    assert at_once(fold, fold).count(True) >= 1
    assert wrong_tallies() == 0


def test_two_first_beats_make_one_sign_of_life() -> None:
    at_once(beat, beat)
    assert Heartbeat.objects.count() == 1


def test_tickets_made_at_once_have_numbers_of_their_own(queue: Queue) -> None:
    def counting() -> int:
        """The next number as one would count it, by looking at what is there."""
        return Ticket.objects.count() + 1

    assert len(set(at_once(counting, counting))) == 1
    tickets = at_once(*[partial(make_ticket, queue)] * 8)
    assert len({ticket.number for ticket in tickets if isinstance(ticket, Ticket)}) == 8
