"""`manage.py ingest` once a mail is kept: whatever happens then, nobody must send it to us again."""

import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from kvv.watch.look import look
from mailgate.intake import Arrival, take_in_many
from mailgate.management.commands import ingest as command
from mailgate.models import InboundMessage
from mailgate.tasks import deliver_waiting
from manage import TRY_LATER
from queues.models import Queue
from tickets.models import Ticket
from work.claim import postpone
from work.rows import WorkRow

pytestmark = pytest.mark.django_db

RAW = b"From: karin@post.example\r\nSubject: %s\r\n\r\nHallo\r\n"


def files(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_bytes(RAW % name.encode())
    return [str(folder / name) for name in names]


def lines(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("ingest", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


@pytest.mark.parametrize("error", [OperationalError("lock timeout"), RuntimeError("ours")])
def test_a_kept_mail_that_can_not_be_delivered_now_is_left_to_the_drain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(_rows: Sequence[InboundMessage]) -> None:
        raise error

    (file,) = files(tmp_path, "een")
    monkeypatch.setattr(command, "deliver", failing)
    assert lines(file) == [f"{file} ticket=- article=- action=queued"]
    InboundMessage.objects.filter(state=WorkRow.CLAIMED).update(leased_until=timezone.now())
    assert deliver_waiting() == 1
    assert Ticket.objects.get().title == "een"


def test_what_was_kept_before_the_database_went_away_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away_at_two(arrivals: Sequence[Arrival], *, lease: UUID) -> list[InboundMessage]:
        if b"twee" in arrivals[0].raw[:]:
            raise OperationalError("gone")
        return take_in_many(arrivals, lease=lease)

    names = files(tmp_path, "een", "twee", "drie")
    monkeypatch.setattr(command, "take_in_many", away_at_two)
    with pytest.raises(CommandError, match="twee") as refusal:
        lines(*names)
    assert refusal.value.returncode == 66
    assert {ticket.title for ticket in Ticket.objects.all()} == {"een", "drie"}
    with pytest.raises(CommandError, match="try again later") as refusal:
        lines(names[1])
    assert refusal.value.returncode == 75


def test_a_mail_that_the_drain_has_taken_meanwhile_is_not_delivered_under_its_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def busy(rows: Sequence[InboundMessage]) -> None:
        """The ticket was busy; before we see it, a drain has claimed the mail."""
        tried.extend(row.pk for row in rows)
        postpone(InboundMessage, rows=rows, until=timezone.now())
        monkeypatch.setattr(command, "_fresh", drained)

    def drained(row: InboundMessage) -> InboundMessage:
        monkeypatch.setattr(command, "_fresh", fresh)
        found = fresh(row)
        InboundMessage.objects.update(state=WorkRow.CLAIMED)
        return found

    fresh = command._fresh
    (file,) = files(tmp_path, "een")
    monkeypatch.setattr(command, "deliver", busy)
    assert lines(file) == [f"{file} ticket=- article=- action=queued"]
    assert len(tried) == 1


def test_a_ticket_that_stays_busy_leaves_the_mail_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(rows: Sequence[InboundMessage]) -> None:
        postpone(InboundMessage, rows=rows, until=timezone.now())

    (file,) = files(tmp_path, "een")
    monkeypatch.setattr(command, "deliver", busy)
    assert lines(file) == [f"{file} ticket=- article=- action=queued"]
    row = InboundMessage.objects.get()
    assert (row.state, row.attempts) == (WorkRow.QUEUED, 0)
    assert deliver_waiting() == 1


def test_a_queue_that_got_another_name_or_is_out_of_use_loses_no_mail_and_is_told(
    tmp_path: Path, queue: Queue, other_queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = files(tmp_path, "een")
    Path(file).write_bytes(f"To: {queue.sender}\r\n".encode() + RAW)
    Queue.objects.filter(pk=other_queue.pk).update(is_active=False)
    assert len(lines("--queue", "Spel van vroeger", file)) == 1
    assert "'Spel van vroeger'" in caplog.text
    (trouble,) = look(now=timezone.now())
    assert (trouble.kind.name, trouble.name) == ("unknown-queue", "Spel van vroeger")
    assert len(lines("--queue", other_queue.name, file)) == 1
    assert len(lines("--queue", "\udcff" * 300, file)) == 1
    assert [ticket.queue for ticket in Ticket.objects.order_by("pk")] == [queue, other_queue, queue]
    Queue.objects.filter(pk=queue.pk).update(name="Spel van vroeger")
    assert all(trouble.name != "Spel van vroeger" for trouble in look(now=timezone.now()))


@pytest.mark.parametrize("error", [MemoryError(), OSError("disk full"), ValueError("odd")])
def test_what_is_not_kept_is_to_be_tried_again_whatever_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(_arrivals: Sequence[Arrival], *, lease: UUID) -> list[InboundMessage]:
        raise error

    monkeypatch.setattr(command, "take_in_many", failing)
    with pytest.raises(CommandError) as refusal:
        lines(*files(tmp_path, "een"))
    assert refusal.value.returncode == TRY_LATER
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CommandError) as refusal:
        lines()
    assert refusal.value.returncode == TRY_LATER


def test_a_kept_mail_is_kept_though_nobody_reads_what_became_of_it(tmp_path: Path) -> None:
    class Gone(StringIO):
        def flush(self) -> None:
            raise BrokenPipeError("nobody reads")

    call_command("ingest", *files(tmp_path, "een", "twee"), stdout=Gone(), stderr=StringIO())
    assert Ticket.objects.count() == 2
