"""Bytes: whole, kept once, and two writers of the same never trip over each other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from blobs.models import PART_BYTES, Blob, BlobPart
from blobs.store import READ_TOGETHER, read_bytes, read_many, read_parts, store_bytes, store_many


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
def test_the_small_mails_of_a_batch_cost_two_statements_and_one_to_read_them() -> None:
    mails = [bytes([number]) * 20_000 for number in range(20)]
    with CaptureQueriesContext(connection) as writing:
        blobs = store_many(mails)
    with CaptureQueriesContext(connection) as reading:
        kept = read_many(blob.pk for blob in blobs)
    assert [kept[blob.pk] for blob in blobs] == mails
    assert (len(writing), len(reading)) == (2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [READ_TOGETHER - 1, READ_TOGETHER, READ_TOGETHER + 1, 2 * READ_TOGETHER])
def test_what_is_read_in_several_answers_is_whole(parts: int) -> None:
    long, other = b"".join(bytes([n]) * PART_BYTES for n in range(parts)), b"o" * PART_BYTES * 2
    blobs = store_many([other, long, b"small"])
    assert read_bytes(blobs[1].pk) == long
    assert [read_many(blob.pk for blob in blobs)[blob.pk] for blob in blobs] == [other, long, b"small"]


@pytest.mark.django_db
def test_of_a_blob_that_is_not_there_there_is_nothing() -> None:
    assert (read_bytes(0), read_many([0]), read_many([])) == (b"", {}, {})


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
