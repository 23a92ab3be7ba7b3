"""`manage.py migrate` meets a database of before, and one of a newer version."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kvv.too_old import FIRST, is_too_old
from tests.house.rooms import ROOMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def applied() -> MigrationRecorder:
    """What the database knows of its migrations."""
    return MigrationRecorder(connection)


def make_old(applied: MigrationRecorder) -> None:
    """Tickets as they were migrated before."""
    applied.record_unapplied("tickets", FIRST)
    applied.record_applied("tickets", "0001_initial")
    applied.record_applied("tickets", "0002_states_numbers_tallies")


def test_a_database_of_before_is_told_so_in_one_sentence(applied: MigrationRecorder) -> None:
    make_old(applied)
    with pytest.raises(CommandError) as refusal:
        call_command("migrate", verbosity=0)
    sentence = str(refusal.value)
    assert "older KVV" in sentence
    assert "`python3 scripts/kvv.py empty`" in sentence
    assert "\n" not in sentence
    assert ("tickets", FIRST) not in applied.applied_migrations()


def test_a_database_of_today_is_not_too_old() -> None:
    call_command("migrate", verbosity=0)
    assert not is_too_old(connection)


def test_nor_is_one_of_a_newer_version(applied: MigrationRecorder) -> None:
    applied.record_applied("tickets", "0099_of_next_year")
    call_command("migrate", verbosity=0)
    assert not is_too_old(connection)


def test_nor_is_an_empty_one(applied: MigrationRecorder) -> None:
    for room, name in applied.applied_migrations():
        if room in ROOMS:
            applied.record_unapplied(room, name)
    assert not is_too_old(connection)
