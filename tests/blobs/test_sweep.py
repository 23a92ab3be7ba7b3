"""Bytes that nothing refers to go after a day of grace; those that something refers to stay."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blobs import sweep as sweeping
from blobs.models import PART_BYTES, Blob, BlobPart, SweepRound
from blobs.store import read_bytes, store_bytes, store_many
from blobs.sweep import GRACE, ROUND, sweep
from blobs.tasks import sweep_blobs
from tests.outbox.mailserver import queued

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


def test_what_nothing_refers_to_goes_after_a_day_with_all_its_parts() -> None:
    store_bytes(b"x" * PART_BYTES * 2)
    assert sweep(now=NOW) == 0
    assert sweep(now=NOW + GRACE - HOUR) == 0
    assert sweep(now=NOW + GRACE) == 1
    assert not Blob.objects.exists()
    assert not BlobPart.objects.exists()


def test_what_something_refers_to_stays() -> None:
    mail = queued()
    assert [sweep(now=NOW + days * ROUND) for days in range(4)] == [0] * 4
    assert read_bytes(mail.mime_id)


def test_what_is_met_again_is_kept_for_another_day() -> None:
    blob = store_bytes(b"met again")
    sweep(now=NOW)
    assert store_bytes(b"met again") == blob
    assert sweep(now=NOW + ROUND) == 0
    assert sweep(now=NOW + ROUND + GRACE - HOUR) == 0
    assert sweep(now=NOW + ROUND + GRACE) == 1


def test_what_was_referred_to_meanwhile_is_asked_about_again_and_loses_its_mark() -> None:
    blob = store_bytes(b"idle")
    sweep(now=NOW)
    mail = queued()
    mail.mime = blob
    mail.save(update_fields=["mime"])
    assert sweep(now=NOW + GRACE) == 0
    blob.refresh_from_db()
    assert blob.unused_since is None


def test_meeting_bytes_that_are_marked_costs_no_statement_more() -> None:
    store_many([b"one", b"two"])
    with CaptureQueriesContext(connection) as unmarked:
        store_many([b"one", b"two"])
    sweep(now=NOW)
    with CaptureQueriesContext(connection) as marked:
        store_many([b"one", b"two"])
    assert len(marked) == len(unmarked) == 2
    assert not Blob.objects.exclude(unused_since=None).exists()


def test_a_round_begins_once_a_day_and_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "LOOKED_AT_TOGETHER", 2)
    blobs = store_many(bytes([n]) for n in range(5))
    assert sweeping._mark_some(now=NOW)
    marked = Blob.objects.exclude(unused_since=None).order_by("pk")
    assert list(marked.all()) == sorted(blobs, key=lambda blob: blob.pk)[:2]
    sweep(now=NOW + HOUR)
    assert marked.count() == 5
    late = store_bytes(b"late")
    sweep(now=NOW + ROUND - HOUR)
    assert late not in marked.all()
    sweep(now=NOW + ROUND)
    assert late in marked.all()
    assert SweepRound.objects.get().began == NOW + ROUND


def test_much_goes_in_several_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "DELETED_TOGETHER", 2)
    monkeypatch.setattr(sweeping, "BYTES_TOGETHER", 25)
    store_many(bytes([n]) * 20 for n in range(3))
    store_many(bytes([n]) for n in range(4))
    sweep(now=NOW)
    assert sweep(now=NOW + GRACE) == 7


def test_it_stops_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    store_bytes(b"later")
    monkeypatch.setattr(sweeping, "SECONDS", 0)
    assert sweep(now=NOW) == 0
    assert not SweepRound.objects.exists()


def test_beat_can_ask_for_it() -> None:
    store_bytes(b"old")
    sweep(now=timezone.now() - GRACE)
    sweep_blobs()
    assert not Blob.objects.exists()
