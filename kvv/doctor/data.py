"""What is stored: counts, bytes, and the space for more."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from blobs.sizes import size_in_words
from kvv.doctor.finding import Finding, fine, warning, wrong
from kvv.watch.disk import Space, space_of
from tickets.tally import wrong_findings, wrong_tallies

STATEMENT_MS = 15_000
SAMPLE = 500
BROKEN_BLOBS = """
WITH sample AS (
    (SELECT id, size FROM blobs_blob ORDER BY id DESC LIMIT %(n)s)
    UNION
    (SELECT id, size FROM blobs_blob
     WHERE id >= (SELECT (random() * max(id))::bigint FROM blobs_blob) ORDER BY id LIMIT %(n)s)
)
SELECT count(*), count(*) FILTER (WHERE parts.size IS NULL),
       count(*) FILTER (WHERE parts.size <> sample.size),
       min(sample.id) FILTER (WHERE parts.size IS DISTINCT FROM sample.size)
FROM sample LEFT JOIN LATERAL (
    SELECT sum(octet_length(data)) AS size FROM blobs_blobpart WHERE blob_id = sample.id
) AS parts ON true
"""


def tallies() -> Iterator[Finding]:
    """The counts of the overviews are those of the tickets."""
    try:
        with transaction.atomic():
            limit_time()
            different, unfindable = wrong_tallies(), wrong_findings()
    except DatabaseError as error:
        yield warning(
            "counts", f"They could not be compared with the tickets: {' '.join(str(error).split())}"
        )
        return
    if different:
        yield wrong(
            "counts",
            f"{different} differ from the tickets themselves: somebody wrote past KVV into its database. "
            "Report it, with what was done.",
        )
    else:
        yield fine("counts", "Those of the overviews agree with the tickets.")
    if unfindable:
        yield wrong(
            "customers",
            f"{unfindable} words by which customers are found differ from their names, addresses, codes and "
            "tickets: somebody wrote past KVV into its database. Report it, with what was done.",
        )
    else:
        yield fine("customers", "They are found by their names, addresses and codes.")


def storage() -> Iterator[Finding]:
    """The newest bytes, and some others, are whole."""
    with transaction.atomic(), connection.cursor() as cursor:
        limit_time()
        cursor.execute(BROKEN_BLOBS, {"n": SAMPLE})
        looked_at, without, other_size, first = cursor.fetchone()
    if without or other_size:
        yield wrong(
            "storage",
            f"Of {looked_at} stored files {without} have no bytes and {other_size} the wrong number of them "
            f"(the first is blob {first}): restore these rows from a backup.",
        )
    else:
        yield fine("storage", f"{looked_at} stored files were looked at, all are whole.")


def disk() -> Iterator[Finding]:
    """The disk of KVV's own files, and of the database where it is on this machine and can be seen."""
    spaces = {space.folder: space for folder in _folders() if (space := space_of(folder)) is not None}
    for space in spaces.values():
        yield _space(space)
    if not spaces:
        yield warning("disk", f"{settings.VAR_DIR} is not there: make it, or set KVV_VAR.")


def _space(space: Space) -> Finding:
    text = f"{size_in_words(space.free)} of {size_in_words(space.total)} are free at {space.folder}."
    return (
        wrong("disk", f"{text} Make room, or mail can't be kept.")
        if space.is_nearly_full
        else fine("disk", text)
    )


def _folders() -> Iterator[Path]:
    """The database says where its data are only to its owner; on another machine the path is not there."""
    yield settings.VAR_DIR
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            (folder,) = cursor.fetchone()
    except DatabaseError:
        return
    yield Path(folder)


def limit_time() -> None:
    """Let no statement of this transaction take more than 15 s."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT_MS)])
