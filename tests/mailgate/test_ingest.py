"""`manage.py ingest` once a mail is kept: whatever happens then, nobody must send it to us again."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from mailgate.intake import Arrival, take_in_many
from mailgate.management.commands import ingest as command
from mailgate.models import InboundMessage
from mailgate.tasks import deliver_waiting
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
