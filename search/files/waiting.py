"""Tickets that have files nobody has read yet: each is a row of work until they are."""

from collections.abc import Collection
from typing import Final, NamedTuple

from django.db import connection

from search.files.attached import ATTACHED, FILES_MOST, of
from search.models import UnreadFiles
from work.ring import ring

READ_FILES: Final = "search.read_files"

_UNREAD: Final = f"""
SELECT files.ticket_id, blob.id, files.kind, blob.size, coalesce(known.tries, 0)
FROM ({ATTACHED}) AS files JOIN blobs_blob AS blob ON blob.id = files.blob_id
LEFT JOIN search_filetext AS known ON known.blob_id = blob.id
WHERE files.place <= {FILES_MOST} AND known.is_final IS NOT TRUE
ORDER BY files.ticket_id, files.place
"""  # noqa: S608  (of our own texts)


class Unread(NamedTuple):
    """A file that is to be read, as one of a ticket; `tries`: how often that failed."""

    ticket: int
    blob: int
    kind: str
    size: int
    tries: int


def unread_files(tickets: Collection[int]) -> list[Unread]:
    """The files of these tickets that are to be read, by ticket and place; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, of(tickets))
        return [Unread(*row) for row in cursor.fetchall()]


def wait_for_files(tickets: Collection[int], *, is_late: bool) -> None:
    """Have the files of these tickets read, where they are not; one statement, or two, in a transaction.

    `is_late`: they are of long ago, so that those of today come first.
    """
    waiting = dict.fromkeys(file.ticket for file in unread_files(tickets))
    if is_late and waiting:
        asked = UnreadFiles.objects.filter(ticket__in=waiting).values_list("ticket_id", flat=True)
        waiting = dict.fromkeys(set(waiting).difference(asked))
    if waiting:
        UnreadFiles.objects.bulk_create(UnreadFiles(ticket_id=pk, is_late=is_late) for pk in waiting)
        if not is_late:
            ring(READ_FILES)
