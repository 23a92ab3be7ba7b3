"""Bytes in use never go, whoever stores them at the moment when the sweeper comes."""

import hashlib
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from blobs import store
from blobs import sweep as sweeping
from blobs.models import Blob
from blobs.store import read_bytes, store_bytes
from blobs.sweep import GRACE, sweep
from outbox.models import OutboundMessage
from tests.races.meeting import at_once

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

DATA, OTHER = b"a picture in every mail", b"another"
TURNS = 20


def sweep_now() -> int:
    return sweep(now=timezone.now())


def refer_to(blob: Blob) -> OutboundMessage:
    return OutboundMessage.objects.create(mime=blob, message_id="a@kvv.example", dedupe_key="a")


@pytest.fixture
def marked() -> Blob:
    """Nothing has referred to it for a day: the next sweep takes it."""
    blob = store_bytes(DATA)
    sweep(now=timezone.now() - GRACE)
    return blob


def test_without_the_lock_a_blob_that_is_met_would_go_and_the_mail_with_it(marked: Blob) -> None:
    swept = list[object]()

    @transaction.atomic
    def meet_and_refer() -> None:
        met = Blob.objects.get(sha256=hashlib.sha256(DATA).digest())
        refer_to(met)
        swept.extend(at_once(sweep_now))

    with pytest.raises(IntegrityError):
        meet_and_refer()
    assert swept == [1]
    assert not OutboundMessage.objects.exists()


def test_a_blob_that_a_running_transaction_has_met_stays(marked: Blob) -> None:
    with transaction.atomic():
        met = store_bytes(DATA)
        assert at_once(sweep_now) == [0]
        refer_to(met)
        assert at_once(sweep_now) == [0]
    assert sweep_now() == 0
    assert met == marked
    assert read_bytes(met.pk) == DATA


def test_a_new_blob_of_a_running_transaction_is_not_seen_at_all() -> None:
    with transaction.atomic():
        new = store_bytes(DATA)
        assert at_once(partial(sweep, now=timezone.now() - GRACE), sweep_now) == [0, 0]
        refer_to(new)
    assert sweep_now() == 0
    assert read_bytes(new.pk) == DATA


def test_a_blob_that_goes_just_before_it_is_met_is_stored_again(
    marked: Blob, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet, swept = store._meet, list[object]()

    def after_the_sweep(digests: set[bytes]) -> dict[bytes, int]:
        swept.extend(at_once(sweep_now))
        return meet(digests)

    monkeypatch.setattr(store, "_meet", after_the_sweep)
    with transaction.atomic():
        again = store_bytes(DATA)
        refer_to(again)
    assert swept == [1]
    assert again.pk != marked.pk
    assert read_bytes(again.pk) == DATA


def test_whoever_comes_first_every_reference_finds_its_bytes() -> None:
    def store_and_refer() -> OutboundMessage:
        with transaction.atomic():
            return refer_to(store_bytes(DATA))

    for _turn in range(TURNS):
        store_bytes(DATA)
        sweep(now=timezone.now() - GRACE)
        Blob.objects.update(unused_since=timezone.now() - GRACE)
        _deleted, mail, _again = at_once(sweep_now, store_and_refer, sweep_now)
        assert isinstance(mail, OutboundMessage)
        assert read_bytes(mail.mime_id) == DATA
        mail.delete()


def test_two_sweepers_delete_each_blob_once() -> None:
    store.store_many(bytes([n]) for n in range(50))
    sweep(now=timezone.now() - GRACE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "DELETED_TOGETHER", 3)
        first, second = at_once(sweep_now, sweep_now)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert (first + second, Blob.objects.count()) == (50, 0)


def test_two_who_meet_the_same_marked_blobs_never_wait_in_a_circle() -> None:
    def store_in_this_order(*items: bytes) -> list[int]:
        with transaction.atomic():
            return sorted(blob.pk for blob in store.store_many(items))

    ids = store_in_this_order(DATA, OTHER)
    for _turn in range(TURNS):
        Blob.objects.update(unused_since=timezone.now() - GRACE)
        orders = (DATA, OTHER), (OTHER, DATA)
        assert at_once(*[partial(store_in_this_order, *order) for order in orders * 2]) == [ids] * 4
        assert not Blob.objects.exclude(unused_since=None).exists()
