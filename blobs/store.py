"""Storing bytes and reading them back."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from blobs.models import PART_BYTES, Blob, BlobPart

PARTS_TOGETHER = 32  # a statement of 8 MB needs five times that in memory, one of 50 MB just as well


def store_bytes(data: bytes) -> Blob:
    """Keep `data`, in the current transaction, and give its blob; equal bytes are kept once."""
    return store_many([data])[0]


def store_many(items: Iterable[bytes]) -> list[Blob]:
    """Keep several at once, in the order given, with three statements for all of them, more for many bytes.

    New blobs are inserted in order of digest, so that two writers of the same bytes never wait for each
    other in a circle.
    """
    order = [(hashlib.sha256(data).digest(), data) for data in items]
    digests = dict(order)
    if not digests:
        return []
    with transaction.atomic():
        wanted = [Blob(sha256=digest, size=len(digests[digest])) for digest in sorted(digests)]
        known = _ids(digests)
        new = [blob for blob in wanted if bytes(blob.sha256) not in known]
        if new:
            known |= _insert(new, digests)
    blobs = {
        digest: Blob(pk=known[digest], sha256=digest, size=len(data)) for digest, data in digests.items()
    }
    return [blobs[digest] for digest, _ in order]


def read_parts(blob_id: int) -> Iterator[bytes]:
    """The bytes of a blob, in pieces of at most 256 KB, each read when it is asked for."""
    number = 0
    while True:
        part = BlobPart.objects.filter(blob_id=blob_id, number=number).values_list("data", flat=True).first()
        if part is None:
            return
        yield bytes(part)
        number += 1


def read_bytes(blob_id: int) -> bytes:
    """All bytes of a blob at once."""
    return b"".join(read_parts(blob_id))


def read_many(blob_ids: Iterable[int]) -> dict[int, bytes]:
    """All bytes of several blobs at once, in one statement; for small ones, or a few."""
    found: dict[int, list[bytes]] = {}
    parts = BlobPart.objects.filter(blob_id__in=list(blob_ids)).order_by("blob_id", "number")
    for blob_id, data in parts.values_list("blob_id", "data"):
        found.setdefault(blob_id, []).append(bytes(data))
    return {blob_id: b"".join(pieces) for blob_id, pieces in found.items()}


def _ids(digests: Iterable[bytes]) -> dict[bytes, int]:
    rows = Blob.objects.filter(sha256__in=list(digests)).values_list("sha256", "pk")
    return {bytes(digest): pk for digest, pk in rows}


def _insert(blobs: list[Blob], data: dict[bytes, bytes]) -> dict[bytes, int]:
    """Insert what is new; a blob that another transaction made meanwhile is found, not made twice."""
    mine = {bytes(blob.sha256) for blob in blobs}
    Blob.objects.bulk_create(blobs, ignore_conflicts=True)
    ids = _ids(mine)
    with_parts = set(
        BlobPart.objects.filter(blob_id__in=ids.values(), number=0).values_list("blob_id", flat=True)
    )
    parts = (
        BlobPart(blob_id=pk, number=start // PART_BYTES, data=data[digest][start : start + PART_BYTES])
        for digest, pk in ids.items()
        if pk not in with_parts
        for start in range(0, max(len(data[digest]), 1), PART_BYTES)
    )
    while some := list(islice(parts, PARTS_TOGETHER)):
        BlobPart.objects.bulk_create(some)
    return ids
