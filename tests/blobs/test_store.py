"""Bytes: whole, kept once, and two writers of the same never trip over each other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from blobs.models import PART_BYTES, Blob, BlobPart
from blobs.store import read_bytes, read_many, read_parts, store_bytes, store_many


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_bytes_come_back_as_they_were(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    blob = store_bytes(data)
    assert (read_bytes(blob.pk), blob.size) == (data, size)
    assert all(len(part) <= PART_BYTES for part in read_parts(blob.pk))


@pytest.mark.django_db
def test_equal_bytes_are_kept_once_and_the_order_stays() -> None:
    first, second, third = store_many([b"b", b"a", b"b"])
    assert first == third == store_bytes(b"b")
    assert (Blob.objects.count(), BlobPart.objects.count()) == (2, 2)
    assert read_many([first.pk, second.pk]) == {first.pk: b"b", second.pk: b"a"}


@pytest.mark.django_db
def test_what_is_rolled_back_is_gone() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store_bytes(b"half" * (1 // 0))
    assert not Blob.objects.exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_many_writers_of_the_same_files_make_each_once() -> None:
    files = [bytes([n]) * 50 for n in range(20)]

    def store(turn: int) -> set[int]:
        try:
            order = files[turn:] + files[:turn]
            return {blob.pk for blob in store_many(order)}
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as writers:
        ids = list(writers.map(store, range(8)))
    assert all(each == ids[0] for each in ids)
    assert sorted(read_many(ids[0]).values()) == files
