"""Storing bytes and reading them back."""

from collections.abc import Collection, Iterable, Iterator
from io import BytesIO

from django.db import connection, transaction
from django.db.models import Q

from blobs.models import PART_BYTES, Blob, BlobPart
from blobs.spool import Data, Spool, digest_of

WRITTEN_TOGETHER = 512 * 1024  # bytes; a statement needs five times as many
READ_TOGETHER = 24  # parts, more than the mails of a batch; an answer needs three times their bytes
INSERT = """
INSERT INTO blobs_blob (sha256, size)
SELECT sha256, size FROM unnest(%(digests)s::bytea[], %(sizes)s::bigint[]) AS given (sha256, size)
ORDER BY sha256 ON CONFLICT (sha256) DO NOTHING RETURNING id, sha256
"""
# No sweeper deletes what is locked FOR KEY SHARE, and many may hold that at once. Its mark is taken away by
# who gets at it first: two who meet the same blobs in one statement never wait for each other in a circle.
MEET = """
WITH met AS MATERIALIZED (
    SELECT id, sha256, unused_since FROM blobs_blob WHERE sha256 = ANY(%(digests)s) FOR KEY SHARE
), marked AS (
    SELECT id FROM blobs_blob WHERE id IN (SELECT id FROM met WHERE unused_since IS NOT NULL)
    FOR NO KEY UPDATE SKIP LOCKED
), in_use AS (
    UPDATE blobs_blob SET unused_since = NULL WHERE id IN (SELECT id FROM marked)
)
SELECT id, sha256 FROM met
"""


def store_bytes(data: bytes) -> Blob:
    """Keep `data`, in the current transaction, and give its blob; equal bytes are kept once."""
    return store_many([data])[0]


def store_many(items: Iterable[Data]) -> list[Blob]:
    """Keep several at once, in the order given, with two statements for all of them, three where some are
    known already, one more for each further 512 KB.

    Blobs are inserted in order of digest, so that two writers of the same bytes never wait for each other in
    a circle: who comes second waits for the first to commit, and then finds the blob with all its bytes.

    Until the transaction ends none of them is swept away (`blobs/sweep.py`): refer to them in the same one.
    """
    order = [(digest_of(data), data) for data in items]
    digests = dict(order)
    if not digests:
        return []
    with transaction.atomic(savepoint=False):
        ids = dict[bytes, int]()
        while missing := digests.keys() - ids.keys():  # again where one was swept away between the two
            new = _insert({digest: digests[digest] for digest in missing})
            _insert_parts((pk, digests[digest]) for digest, pk in new.items())
            ids |= new
            if known := missing - new.keys():
                ids |= _meet(known)
    blobs = {digest: Blob(pk=ids[digest], sha256=digest, size=len(data)) for digest, data in digests.items()}
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


def spooled(blob_id: int) -> Spool:
    """The bytes of a blob, all read, but held without filling memory with them; raises `NoRoomError`."""
    spool, number = Spool(), 0
    parts = BlobPart.objects.filter(blob_id=blob_id).order_by("number").values_list("data", flat=True)
    while rows := list(parts.filter(number__gte=number)[:READ_TOGETHER]):
        for data in rows:
            spool.add(bytes(data))
        number += len(rows)
        if len(rows) < READ_TOGETHER:
            break
    return spool


def read_bytes(blob_id: int) -> bytes:
    """All bytes of a blob at once."""
    return read_many([blob_id]).get(blob_id, b"")


def read_many(blob_ids: Iterable[int]) -> dict[int, bytes]:
    """All bytes of several blobs at once, in one statement for up to 23 parts, then one for each 24 more."""
    buffers: dict[int, BytesIO] = {}  # which gives its bytes without copying them again
    parts = BlobPart.objects.filter(blob_id__in=list(blob_ids)).order_by("blob_id", "number")
    more = parts
    while rows := list(more.values_list("blob_id", "number", "data")[:READ_TOGETHER]):
        for blob_id, _number, data in rows:
            buffers.setdefault(blob_id, BytesIO()).write(data)
        if len(rows) < READ_TOGETHER:
            break
        last, number, _data = rows[-1]
        more = parts.filter(Q(blob_id__gt=last) | Q(blob_id=last, number__gt=number))
    return {blob_id: buffer.getvalue() for blob_id, buffer in buffers.items()}


def _meet(digests: Collection[bytes]) -> dict[bytes, int]:
    """The ids of blobs that are there, kept from the sweeper until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(MEET, {"digests": sorted(digests)})
        return {bytes(digest): pk for pk, digest in cursor.fetchall()}


def _insert(digests: dict[bytes, Data]) -> dict[bytes, int]:
    """Insert those that are new, and give their ids; a blob that is there has its parts already."""
    rows = [(digest, len(digests[digest])) for digest in sorted(digests)]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"digests": [row[0] for row in rows], "sizes": [row[1] for row in rows]})
        return {bytes(digest): pk for pk, digest in cursor.fetchall()}


def _insert_parts(new: Iterable[tuple[int, Data]]) -> None:
    together, size = list[BlobPart](), 0
    for pk, data in new:
        for start in range(0, max(len(data), 1), PART_BYTES):
            part = BlobPart(blob_id=pk, number=start // PART_BYTES, data=data[start : start + PART_BYTES])
            if together and size + len(part.data) > WRITTEN_TOGETHER:
                BlobPart.objects.bulk_create(together)
                together, size = [], 0
            together.append(part)
            size += len(part.data)
    BlobPart.objects.bulk_create(together)
