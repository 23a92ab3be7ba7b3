"""Counts, bytes and disks, examined."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from blobs.models import BlobPart
from blobs.store import store_bytes
from kvv.doctor import data
from kvv.watch import disk
from tests.kvv.doctor.reading import levels, text
from tickets.models import Ticket


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("tickets_tickettallydelta", {"counts": "wrong", "customers": "ok"}),
        ("tickets_customerqueuedelta", {"counts": "ok", "customers": "wrong"}),
        ("accounts_customerword", {"counts": "ok", "customers": "wrong"}),
    ],
)
def test_what_differs_from_the_tickets_is_wrong(ticket: Ticket, table: str, said: dict[str, str]) -> None:
    assert levels(data.tallies()) == [("counts", "ok"), ("customers", "ok")]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (a table of ours)
    assert dict(levels(data.tallies())) == said


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["DELETE FROM blobs_blobpart", "UPDATE blobs_blobpart SET data = '\\x00'"])
def test_bytes_that_are_gone_or_too_few_are_wrong(harm: str) -> None:
    assert levels(data.storage()) == [("storage", "ok")]
    blob = store_bytes(b"some bytes")
    store_bytes(b"")
    assert levels(data.storage()) == [("storage", "ok")]
    with connection.cursor() as cursor:
        cursor.execute(f"{harm} WHERE blob_id = {blob.pk}")
    assert f"blob {blob.pk}" in text(data.storage())
    BlobPart.objects.all().delete()
    assert levels(data.storage()) == [("storage", "wrong")]


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(level == "ok" for _name, level in levels(data.disk()))
    monkeypatch.setattr(disk, "FREE_PERCENT_LEAST", 101)
    monkeypatch.setattr(disk, "FREE_BYTES_ENOUGH", 2**62)
    assert ("disk", "wrong") in levels(data.disk())


@pytest.mark.django_db
def test_a_missing_folder_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "not there"
    assert "Traceback" not in text(data.disk())
