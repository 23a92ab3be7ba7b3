"""Tickets are found by what stands in their files, a bit later than by all else."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent
from blobs.models import Blob
from blobs.sweep import GRACE, sweep
from kvv.doctor.search import files as doctor_of_files
from queues.models import Queue
from search import index as index_module
from search.files import read
from search.files.read import TRIES, TRIES_OF_TICKET
from search.files.results import FileWords
from search.files.waiting import wait_for_files
from search.index import current_version, index
from search.models import FileText, Pass, TicketText, UnreadFiles
from search.tasks import fill, index_waiting, read_files, read_late_files
from tests.factories import NOW, customer_mail, make_ticket, stored_file
from tests.kvv.doctor.reading import levels, text
from tests.search.documents import DOCX, pdf, word
from tests.search.finding import page
from tests.search.test_index import STATEMENTS_A_BATCH, finds, follow_up, indexed
from tickets.models import Attachment, EventTask, Ticket
from work.child import Failed, Killed, NoChild
from work.locks import Lock, hold_lock

pytestmark = pytest.mark.django_db
PDF = {"name": "brief.pdf", "content_type": "application/pdf"}


class Reader:
    """In the place of the child: gives what it is told, or what a file would say, and counts."""

    def __init__(self, *results: Any) -> None:
        self.results, self.read = list(results), list[bytes]()

    def work(self, function: str, items: Sequence[bytes]) -> list[Any]:
        self.read += items
        results = [self.results.pop(0) if self.results else FileWords(item.decode()) for item in items]
        for result in results:
            if isinstance(result, Exception):
                raise result
        return results

    def stop(self) -> None:
        """There is nothing to end."""


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Reader]:
    """Have files read without a child."""

    def instead(*results: Any) -> Reader:
        made = Reader(*results)
        monkeypatch.setattr(read, "READER", made)
        return made

    return instead


@pytest.fixture
def child() -> Iterator[None]:
    """The real one, ended afterwards."""
    yield
    read.READER.stop()


def with_files(queue: Queue, *data: bytes, **called: Any) -> Ticket:
    """A ticket with these files, that can be found by its mail."""
    return indexed(queue, files=[stored_file(each, is_inline=False, **called) for each in data])


def come_due() -> None:
    UnreadFiles.objects.update(not_before=NOW)


def test_a_ticket_is_found_at_once_by_its_mail_and_then_by_its_files(queue: Queue, child: None) -> None:
    kinds = [
        stored_file(pdf("Het zomerkamp in Zwolle", "De kosten"), is_inline=False, **PDF),
        stored_file(word("Een tentzeil"), is_inline=False, name="blad.docx", content_type=DOCX),
        stored_file(b"<p>Roeiboot", is_inline=False, name="a.html", content_type="text/html"),
        stored_file(b"Kompas", is_inline=False, name="B.TXT", content_type="application/octet-stream"),
        stored_file(b"Hooimijt", is_inline=False, name="foto.jpg", content_type="image/jpeg"),
        stored_file(b"Molensteen", is_inline=True),
    ]
    ticket = indexed(queue, "Over vissen", files=kinds)
    assert finds(ticket, "over vissen")
    assert not finds(ticket, "zomerkamp")
    assert read_files() == 1
    assert [finds(ticket, word) for word in ("tentzeil", "roeiboot", "kompas")] == [True] * 3
    assert finds(ticket, "zomerkampen in zwolle", weights="C")
    assert finds(ticket, "brief pdf", weights="C")
    assert not finds(ticket, "zomerkamp", weights="ABD")
    assert not finds(ticket, "kosten tentzeil")
    assert not finds(ticket, "hooimijt")
    assert not finds(ticket, "molensteen")
    assert read_files() == 0


def test_who_asks_for_attachments_finds_what_stands_in_them(
    queue: Queue, owner: Agent, reader: Callable[..., Reader]
) -> None:
    reader()
    ticket = with_files(queue, b"lantaarns van tin", name="lijst.txt")
    indexed(queue, "lantaarn van tin")
    read_files()
    for asked in ("bijlage:lantaarn", "bijlage:'lantaarns van tin'", "bijlage:lijst.txt", "bijlage:lant*"):
        assert page(owner, asked).ids == [ticket.pk]
    assert page(owner, "tekst:lantaarn bijlage:lantaarn").ids == []
    assert len(page(owner, "lantaarn").ids) == 2


def test_a_file_is_read_once_whatever_the_tickets_that_it_is_in(
    queue: Queue, reader: Callable[..., Reader]
) -> None:
    counting = reader()
    first, second = (with_files(queue, b"voorwaarden") for _n in range(2))
    follow_up(second, files=[stored_file(b"voorwaarden", is_inline=False, **PDF)])
    index_waiting()
    assert read_files() == 3
    third = with_files(queue, b"voorwaarden")
    assert not UnreadFiles.objects.exists()
    assert all(finds(ticket, "voorwaarden") for ticket in (first, second, third))
    assert counting.read == [b"voorwaarden"]


def test_a_file_that_costs_too_much_is_tried_twice_and_takes_no_other_with_it(
    queue: Queue, reader: Callable[..., Reader], caplog: pytest.LogCaptureFixture
) -> None:
    other = with_files(queue, b"lantaarn")
    ticket = with_files(queue, b"bom", b"fakkel")
    bad = reader(FileWords("lantaarn"), Failed("It takes more than 10 s."), FileWords("fakkel"))
    read_files()
    assert finds(other, "lantaarn")
    assert not finds(ticket, "fakkel")
    bad.results = [Failed("It takes more than 10 s.")]
    come_due()
    read_files()
    assert finds(ticket, "fakkel")
    assert bad.read.count(b"bom") == TRIES
    assert not UnreadFiles.objects.exists()
    assert "can't be read: It takes more than 10 s." in caplog.text
    follow_up(ticket, text="Nog iets")
    index_waiting()
    assert not UnreadFiles.objects.exists()


def test_what_is_no_document_is_tried_once_and_the_doctor_counts_it(queue: Queue, child: None) -> None:
    ticket = with_files(queue, b"%PDF-1.7 maar niet heus", b"\x89PNG", **PDF)
    UnreadFiles.objects.update(not_before=NOW - timedelta(hours=2))
    assert levels(doctor_of_files()) == [("files", "warning")]
    read_files()
    assert not UnreadFiles.objects.exists()
    assert finds(ticket, "vraag")
    assert levels(doctor_of_files()) == [("files", "ok")]
    assert "2 files can't be read" in text(doctor_of_files())


def test_what_another_worker_reads_while_a_row_is_made_is_not_missed(
    queue: Queue, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*asked: Any, **values: Any) -> set[int]:
        done = index(*asked, **values)
        FileText.objects.bulk_create(
            FileText(blob=file.blob, text="lantaarn", is_final=True) for file in Attachment.objects.all()
        )
        return done

    reader()
    with monkeypatch.context() as patched:
        patched.setattr(index_module, "index", late)
        ticket = with_files(queue, b"lantaarn")
    assert not finds(ticket, "lantaarn")
    read_files()
    assert finds(ticket, "lantaarn")


def test_a_file_that_is_too_large_is_not_even_read(
    queue: Queue, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "BYTES_MOST", 10)
    counting = reader()
    with_files(queue, b"meer dan tien")
    read_files()
    assert counting.read == []
    assert "more than" in FileText.objects.get().reason


def test_a_child_that_is_killed_from_outside_is_no_fault_of_a_file_but_comes_to_an_end(
    queue: Queue, reader: Callable[..., Reader]
) -> None:
    with_files(queue, b"lantaarn")
    killing = reader(*[Killed("Its process was killed.")] * TRIES_OF_TICKET)
    for _time in range(TRIES_OF_TICKET + 1):
        assert read_files() == 1
        come_due()
    assert killing.results == []
    assert "no end" in FileText.objects.get().reason
    assert not UnreadFiles.objects.exists()


def test_without_a_child_or_time_files_wait_as_if_they_had_not_been_tried(
    queue: Queue, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = with_files(queue, b"lantaarn")
    reader(NoChild("none"))
    with pytest.raises(NoChild):
        read_files()
    come_due()
    with monkeypatch.context() as patched:
        patched.setattr(read, "SECONDS", -1)
        assert read_files() == 1
    assert UnreadFiles.objects.get().attempts == 0
    come_due()
    read_files()
    assert finds(ticket, "lantaarn")


def test_a_mistake_of_ours_is_told_and_not_made_for_ever(
    queue: Queue, reader: Callable[..., Reader], caplog: pytest.LogCaptureFixture
) -> None:
    with_files(queue, b"lantaarn")
    reader(*[ValueError("ours")] * 5)
    while UnreadFiles.objects.exists():
        assert read_files() == 1
        come_due()
    assert caplog.text.count("could not be read") == TRIES + 1


def test_only_one_worker_reads_files_at_a_time(queue: Queue, reader: Callable[..., Reader]) -> None:
    with_files(queue, b"lantaarn")
    reader()
    with hold_lock(Lock.READ_FILES, which=0):
        assert read_files() == 0
    assert read_files() == 1


def test_files_of_before_are_read_in_their_turn_and_not_twice(
    queue: Queue, reader: Callable[..., Reader]
) -> None:
    counting = reader()
    ticket = make_ticket(queue, article=customer_mail(files=[stored_file(b"lantaarn", is_inline=False)]))
    EventTask.objects.all().delete()
    fill()
    Pass.objects.update(below=ticket.pk + 1, is_whole=True)
    fill()
    assert UnreadFiles.objects.count() == 1
    assert levels(doctor_of_files()) == [("files", "ok")]
    assert read_files() == 0
    assert read_late_files() == 1
    assert finds(ticket, "lantaarn")
    TicketText.objects.all().delete()
    Pass.objects.update(below=ticket.pk + 1)
    fill()
    assert finds(ticket, "lantaarn")
    assert counting.read == [b"lantaarn"]


def test_of_many_files_the_first_count(queue: Queue, reader: Callable[..., Reader]) -> None:
    counting = reader()
    with_files(queue, *(b"blad%d" % n for n in range(52)))
    read_files()
    assert (len(counting.read), counting.read[-1]) == (50, b"blad49")


def test_what_a_file_says_goes_with_its_bytes_and_keeps_them_from_nobody(
    queue: Queue, reader: Callable[..., Reader]
) -> None:
    reader()
    with_files(queue, b"lantaarn")
    read_files()
    Attachment.objects.all().delete()
    Blob.objects.update(unused_since=timezone.now() - GRACE)
    sweep(now=timezone.now())
    assert not Blob.objects.exists()
    assert not FileText.objects.exists()


def test_files_cost_a_batch_two_statements_whatever_the_tickets(
    queue: Queue, reader: Callable[..., Reader]
) -> None:
    reader()
    tickets = [with_files(queue, b"lantaarn %d" % n) for n in range(10)]
    read_files()
    for some in (tickets[:2], tickets):
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            index([ticket.pk for ticket in some], version=current_version())
            wait_for_files([ticket.pk for ticket in some], is_late=False)
        counted = [each for each in captured if "SAVEPOINT" not in each["sql"]]
        assert len(counted) == STATEMENTS_A_BATCH + 2
