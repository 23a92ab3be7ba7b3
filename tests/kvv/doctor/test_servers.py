"""Database, broker, worker and beat, examined."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kvv.doctor import servers
from tests.kvv.doctor.reading import levels, text
from work.models import Heartbeat


@pytest.fixture(autouse=True)
def _nobody_is_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs in these tests, so that none answers a ping."""
    monkeypatch.setattr(servers, "PING_SECONDS", 0.1)


@pytest.mark.django_db
def test_the_servers_of_the_tests_are_in_order_but_for_the_missing_worker() -> None:
    for check in (servers.database, servers.time_zone, servers.migrations, servers.broker):
        assert {level for _name, level in levels(check())} == {"ok"}
    assert levels(servers.background()) == [("worker", "wrong"), ("beat", "wrong"), ("workers", "warning")]


@pytest.mark.django_db
def test_beat_alone_can_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(pk=1, at=now), Heartbeat(pk=2, at=now - timedelta(minutes=2, seconds=1))]
    )
    background = levels(servers.background())
    assert background[:2] == [("worker", "ok"), ("beat", "wrong")]


@pytest.mark.django_db
def test_an_old_database_and_a_clock_that_is_off_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "POSTGRES_LEAST", 10**9)
    monkeypatch.setattr(servers, "CLOCKS_APART", timedelta(seconds=-1))
    assert levels(servers.database()) == [("database", "wrong"), ("clock", "wrong")]


@pytest.mark.django_db
def test_a_pooler_that_lets_everybody_wait_for_ever_is_wrong() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
    assert ("database", "wrong") in levels(servers.database())
    assert "lock_timeout = '3s'" in text(servers.database())


@pytest.mark.django_db
def test_waiting_migrations_are_named(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tickets'")
    assert "tickets.0001_house" in text(servers.migrations())


@pytest.mark.django_db
def test_a_database_of_before_is_not_told_to_migrate(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0001_initial' WHERE app = 'tickets'")
    assert levels(servers.migrations()) == [("migrations", "wrong")]
    assert "older KVV" in text(servers.migrations())
