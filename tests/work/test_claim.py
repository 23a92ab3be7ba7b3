"""Rows of work: claimed by one, taken up again when their worker is gone, never touched by who lost them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from mailgate.models import InboundMessage
from tests.factories import make_inbound
from work.claim import RETRY_DELAYS, claim, extend, fail, give_back, held, postpone, try_again
from work.drain import drain

LEASE = timedelta(minutes=5)


@pytest.mark.django_db
def test_a_claimed_row_is_nobody_elses_until_its_lease_ends() -> None:
    make_inbound()
    now = timezone.now()
    (row,) = claim(InboundMessage, limit=5, lease=LEASE, now=now)
    assert (row.attempts, row.state) == (1, InboundMessage.CLAIMED)
    assert claim(InboundMessage, limit=5, lease=LEASE, now=now) == []
    later = now + LEASE
    (again,) = claim(InboundMessage, limit=5, lease=LEASE, now=later)
    assert (again, again.attempts) == (row, 2)
    assert held(InboundMessage, rows=[row], now=later) == []
    assert held(InboundMessage, rows=[again], now=later) == [again]


@pytest.mark.django_db
def test_a_lease_is_extended_while_it_lasts_and_only_then() -> None:
    make_inbound()
    now = timezone.now()
    rows = claim(InboundMessage, limit=5, lease=LEASE, now=now)
    assert extend(rows, lease=LEASE, now=now + LEASE / 2)
    assert claim(InboundMessage, limit=5, lease=LEASE, now=now + LEASE) == []
    assert not extend(rows, lease=LEASE, now=now + 2 * LEASE)
    assert claim(InboundMessage, limit=5, lease=LEASE, now=now + 2 * LEASE) == rows
    assert not extend(rows, lease=LEASE, now=now + 2 * LEASE)


@pytest.mark.django_db
def test_drains_that_share_a_table_take_their_own_rows() -> None:
    mine, other = make_inbound(), make_inbound()
    now = timezone.now()
    assert claim(InboundMessage, limit=5, lease=LEASE, now=now, only=Q(pk=mine.pk)) == [mine]
    assert claim(InboundMessage, limit=5, lease=LEASE, now=now) == [other]


@pytest.mark.django_db
def test_a_row_left_behind_comes_alone_and_the_attempt_it_shared_does_not_count() -> None:
    """It may be the one that killed the worker, or one that was not even begun."""
    for _mail in range(3):
        make_inbound()
    now = timezone.now()
    shared = claim(InboundMessage, limit=5, lease=LEASE, now=now)
    assert [row.attempts for row in shared] == [1, 1, 1]
    make_inbound()
    later = now + LEASE
    alone = [claim(InboundMessage, limit=5, lease=LEASE, now=later) for _claim in range(4)]
    assert [[row.attempts for row in rows] for rows in alone] == [[1]] * 4
    again = claim(InboundMessage, limit=5, lease=LEASE, now=later + LEASE)
    assert [row.attempts for row in again] == [2]
    postpone(InboundMessage, rows=again, until=later)
    again[0].refresh_from_db()
    assert again[0].attempts == 1


@pytest.mark.django_db
def test_rows_that_failed_by_an_error_are_claimed_together() -> None:
    for _mail in range(3):
        make_inbound()
    now = timezone.now()
    for row in claim(InboundMessage, limit=5, lease=LEASE, now=now):
        give_back(row, error="the server is away", now=now - RETRY_DELAYS[0])
    again = claim(InboundMessage, limit=5, lease=LEASE, now=now)
    assert [row.attempts for row in again] == [2, 2, 2]


@pytest.mark.django_db
def test_who_lost_a_row_changes_nothing_about_it() -> None:
    make_inbound()
    now = timezone.now()
    (lost,) = claim(InboundMessage, limit=1, lease=LEASE, now=now)
    claim(InboundMessage, limit=1, lease=LEASE, now=now + LEASE)
    give_back(lost, error="too late", now=now)
    fail(lost, error="too late", now=now)
    lost.refresh_from_db()
    assert (lost.state, lost.last_error) == (InboundMessage.CLAIMED, "")


@pytest.mark.django_db
def test_a_row_given_back_waits_longer_each_time_and_says_why() -> None:
    make_inbound()
    now = timezone.now()
    waits = []
    for _try in range(3):
        (row,) = claim(InboundMessage, limit=1, lease=LEASE, now=now)
        give_back(row, error="the server is away", now=now)
        row.refresh_from_db()
        waits.append(row.not_before - now)
        assert claim(InboundMessage, limit=1, lease=LEASE, now=now) == []
        now = row.not_before
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert row.last_error == "the server is away"


@pytest.mark.django_db
def test_a_row_that_has_to_wait_has_not_been_tried() -> None:
    make_inbound()
    now = timezone.now()
    rows = claim(InboundMessage, limit=1, lease=LEASE, now=now)
    postpone(InboundMessage, rows=rows, until=now + timedelta(seconds=1))
    assert InboundMessage.objects.get().attempts == 0


@pytest.mark.django_db
def test_a_failed_row_waits_for_a_person() -> None:
    make_inbound()
    now = timezone.now()
    (row,) = claim(InboundMessage, limit=1, lease=LEASE, now=now)
    fail(row, error="no", now=now)
    assert claim(InboundMessage, limit=1, lease=LEASE, now=now + timedelta(days=9)) == []
    row.refresh_from_db()
    assert try_again(row, now=now)
    assert claim(InboundMessage, limit=1, lease=LEASE, now=now) == [row]


@pytest.mark.django_db
def test_a_row_that_is_not_what_it_was_read_as_is_not_tried_again() -> None:
    row = make_inbound()
    InboundMessage.objects.update(state=InboundMessage.DELIVERED)
    assert not try_again(row, now=timezone.now())
    InboundMessage.objects.all().delete()
    assert not try_again(row, now=timezone.now())


@pytest.mark.django_db
def test_a_drain_works_until_nothing_is_due() -> None:
    for _mail in range(5):
        make_inbound()
    batches: list[int] = []
    done = drain(InboundMessage, work=lambda rows: batches.append(len(rows)), batch=2, lease=LEASE)
    assert (done, batches) == (5, [2, 2, 1])


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_drains_side_by_side_never_get_the_same_row() -> None:
    for _mail in range(40):
        make_inbound()
    now = timezone.now()

    def take(_drain: int) -> list[int]:
        try:
            rows = [claim(InboundMessage, limit=3, lease=LEASE, now=now) for _batch in range(8)]
        finally:
            connection.close()
        return [row.pk for batch in rows for row in batch]

    with ThreadPoolExecutor(4) as drains:
        taken = [pk for pks in drains.map(take, range(4)) for pk in pks]
    assert len(taken) == len(set(taken)) == 40
