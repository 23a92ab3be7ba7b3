"""From raw bytes to ticket, by the command an administrator uses: where a mail goes, what it becomes."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import CustomerAddress
from blobs.store import read_bytes
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from tests.factories import make_agent
from tickets.kinds import CONSUMERS, EventKind
from tickets.models import Article, Event, EventTask, StateType, Ticket
from tickets.states import state_by_key

MAIL = """From: Karin Klant <karin@post.example>
To: {to}
Subject: {subject}
Message-ID: <{id}@post.example>
{more}
Hoe lang duurt de hike?
"""
STATEMENTS_A_MAIL = 10
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")

Ingest = Callable[..., str]


def mail(
    *, to: str = "spel@kvv.example", subject: str = "De hike", name: str = "een", more: str = ""
) -> bytes:
    text = MAIL.format(to=to, subject=subject, id=name, more=f"{more}\n" if more else "")
    return text.replace("\n", "\r\n").encode()


def by_smtp(recipient: str) -> Arrival:
    return Arrival(raw=mail(), way=InboundMessage.Way.LISTENER, envelope_to=(recipient,))


def scan(address: str, *, text: bytes, data: bytes, more: bytes = b"") -> bytes:
    head = f"From: scanner@post.example\r\nTo: {address}\r\nMessage-ID: <scan@post.example>\r\n".encode()
    parts = (
        b"Content-Type: text/plain\r\n\r\n" + text,
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n" + data,
    )
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return more + head + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + body


@pytest.fixture
def address(queue: Queue) -> str:
    assert queue.sender is not None
    return queue.sender.address


@pytest.fixture
def ingest(db: None, tmp_path: Path) -> Ingest:
    """Runs the command on bytes; gives its line without the file's name."""

    def run(raw: bytes, *options: str) -> str:
        file = tmp_path / "mail.eml"
        file.write_bytes(raw)
        out = StringIO()
        call_command("ingest", *options, str(file), stdout=out, stderr=StringIO())
        return out.getvalue().strip().removeprefix(f"{file} ")

    return run


def test_a_mail_becomes_a_ticket_of_the_queue_it_was_sent_to(
    ingest: Ingest, queue: Queue, address: str
) -> None:
    line = ingest(mail(to=address))
    ticket = Ticket.objects.get()
    article = ticket.articles.get()
    assert line == f"ticket={ticket.number} article={article.pk} action=new"
    assert (ticket.queue, ticket.title, ticket.state_type) == (queue, "De hike", StateType.NEW)
    assert ticket.customer is not None
    assert str(ticket.customer.addresses.get()) == "karin@post.example"
    assert (article.message_id, article.text.strip()) == ("een@post.example", "Hoe lang duurt de hike?")
    assert Event.objects.filter(ticket=ticket).count() == 1


def test_a_mail_to_an_unknown_address_goes_to_postmaster(ingest: Ingest) -> None:
    ingest(mail(to="nobody@kvv.example"))
    assert Ticket.objects.get().queue.name == "Postmaster"


def test_the_command_may_say_the_queue(ingest: Ingest, address: str, other_queue: Queue) -> None:
    ingest(mail(to=address), "--queue", other_queue.name)
    assert Ticket.objects.get().queue == other_queue


def test_the_address_the_server_delivered_to_comes_before_the_headers(
    ingest: Ingest, address: str, other_queue: Queue
) -> None:
    assert other_queue.sender is not None
    ingest(mail(to=address, more=f"Delivered-To: {other_queue.sender.address}"))
    assert Ticket.objects.get().queue == other_queue


def test_a_mail_to_two_queues_goes_to_the_first_one(
    ingest: Ingest, queue: Queue, address: str, other_queue: Queue
) -> None:
    assert other_queue.sender is not None
    ingest(mail(to=f"elders@post.example, {address}, {other_queue.sender.address}"))
    assert Ticket.objects.get().queue == queue


def test_a_file_that_is_not_there_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"weg\.eml") as refusal:
        call_command("ingest", str(tmp_path / "weg.eml"), stderr=StringIO())
    assert refusal.value.returncode == 66


@pytest.mark.parametrize("how", ["subject", "in-reply-to", "references"])
def test_a_reply_lands_in_its_ticket_and_opens_it_again(ingest: Ingest, address: str, how: str) -> None:
    ingest(mail(to=address))
    ticket = Ticket.objects.get()
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state_by_key("closed_successful"), state_type=StateType.CLOSED, closed_at=ticket.created
    )
    subject = f"Re: [Ticket#{ticket.number}] De hike" if how == "subject" else "Iets anders"
    more = {
        "in-reply-to": "In-Reply-To: <een@post.example>",
        "references": "References: <x@y.example> <een@post.example>",
    }
    line = ingest(mail(to=address, subject=subject, name="twee", more=more.get(how, "")))
    assert line.endswith("action=follow-up")
    ticket.refresh_from_db()
    assert (ticket.state_type, ticket.articles.count()) == (StateType.OPEN, 2)
    assert ticket.latest_customer_article == ticket.articles.latest("pk").pk


def test_a_number_with_a_wrong_check_digit_is_nobodys(ingest: Ingest, address: str) -> None:
    ingest(mail(to=address))
    number = Ticket.objects.get().number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert ingest(mail(to=address, subject=f"[Ticket#{wrong}]", name="twee")).endswith("action=new")


def test_a_stranger_who_writes_in_a_ticket_is_marked_and_hidden_from_the_customer(
    ingest: Ingest, address: str
) -> None:
    ingest(mail(to=address))
    number = Ticket.objects.get().number
    stranger = mail(to=address, subject=f"[Ticket#{number}]", name="twee").replace(b"karin@", b"iemand@")
    ingest(stranger)
    article = Article.objects.latest("pk")
    assert (article.ticket.number, article.warning) == (number, "unknown_sender")
    assert not article.is_visible


def test_the_same_mail_twice_is_one_ticket(ingest: Ingest, address: str) -> None:
    ingest(mail(to=address))
    assert ingest(mail(to=address)) == "ticket=- article=- action=duplicate"
    assert Ticket.objects.get().articles.count() == 1
    assert InboundMessage.objects.filter(state=InboundMessage.DUPLICATE).count() == 1


def test_the_same_mail_for_two_queues_is_a_ticket_in_each_and_a_double_when_it_comes_again(
    ingest: Ingest, queue: Queue, other_queue: Queue
) -> None:
    for place in (queue, other_queue):
        assert ingest(mail(), "--queue", place.name).endswith("action=new")
        assert ingest(mail(), "--queue", place.name) == "ticket=- article=- action=duplicate"
    assert {ticket.queue for ticket in Ticket.objects.all()} == {queue, other_queue}


def test_a_mail_server_that_delivers_to_two_recipients_one_by_one_reaches_both_queues(
    queue: Queue, address: str, other_queue: Queue
) -> None:
    assert other_queue.sender is not None
    for recipient in (address, other_queue.sender.address, address):
        (row,) = take_in_many([by_smtp(recipient)], lease=uuid4())
        if row.state == InboundMessage.CLAIMED:
            deliver([row])
    assert {ticket.queue for ticket in Ticket.objects.all()} == {queue, other_queue}
    assert InboundMessage.objects.filter(state=InboundMessage.DUPLICATE).count() == 1


@pytest.mark.parametrize("text", [b"", b"Scan\r\n"], ids=["empty", "constant"])
def test_a_scanner_that_gives_all_its_mails_one_message_id_loses_no_scan(
    ingest: Ingest, address: str, other_queue: Queue, text: bytes
) -> None:
    """Where nothing but the attachments differs, they tell the mails apart; equal ones are a double."""
    ingest(scan(address, text=text, data=b"%PDF one"))
    ingest(scan(address, text=text, data=b"%PDF two"))
    again = ingest(scan(address, text=text, data=b"%PDF two", more=b"Received: another way\r\n"))
    assert again.endswith("action=duplicate")
    assert Article.objects.filter(direction=Article.Direction.IN).count() == 2


def test_two_mails_without_message_id_are_two_tickets(ingest: Ingest, address: str) -> None:
    raw = mail(to=address).replace(b"Message-ID: <een@post.example>\r\n", b"")
    ingest(raw)
    ingest(raw)
    assert Ticket.objects.count() == 2


def test_a_mail_that_can_not_be_read_is_kept_with_its_bytes(ingest: Ingest) -> None:
    assert ingest(b"\x00\r\n") == "ticket=- article=- action=quarantined"
    row = InboundMessage.objects.get()
    assert (row.state, read_bytes(row.raw_id)) == (InboundMessage.QUARANTINED, b"\x00\r\n")
    assert row.last_error


def test_reply_to_counts_only_where_the_sender_is_one_of_our_own_addresses(
    ingest: Ingest, address: str
) -> None:
    ingest(mail(to=address, more="Reply-To: ander@post.example"))
    assert not CustomerAddress.objects.filter(address="ander@post.example").exists()
    own = mail(to=address, name="twee", more="Reply-To: ander@post.example").replace(
        b"karin@post.example", address.encode()
    )
    ingest(own)
    assert CustomerAddress.objects.filter(address="ander@post.example").exists()


def test_plain_mails_cost_at_most_ten_statements_each_and_ring_each_consumer_once(
    queue: Queue,
    address: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_agent("someone")
    count = 20
    arrivals = [
        Arrival(
            raw=mail(to=address, name=f"mail{each}").replace(b"karin@", f"k{each}@".encode()),
            way=InboundMessage.Way.PIPE,
        )
        for each in range(count)
    ]
    rows = take_in_many(arrivals, lease=uuid4())
    with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks() as rings:
        deliver(rows)
    consumers = len(CONSUMERS[EventKind.CREATED])
    assert EventTask.objects.count() == count * consumers
    assert len(rings) == consumers
    asked = [each["sql"] for each in captured if not each["sql"].startswith(CONTROL)]
    assert Ticket.objects.count() == count
    assert len(asked) / count <= STATEMENTS_A_MAIL
