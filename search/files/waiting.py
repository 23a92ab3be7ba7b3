"""Tickets that have files nobody has read yet: each is a row of work until they are."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.utils import timezone

from search.files.attached import ATTACHED, FILES_MOST, of
from search.models import FileText, UnreadFiles
from work.ring import ring

READ_FILES: Final = "search.read_files"
LONG: Final = timedelta(hours=1)

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


class Left(NamedTuple):
    """How many tickets wait for their files to be read, how many of them since long, though they are of
    today, and how many files can't be read."""

    waiting: int
    overdue: int
    unreadable: int


def left() -> Left:
    """What is not read, and what never will be; looks at every text's row."""
    waiting = UnreadFiles.objects.all()
    overdue = waiting.filter(is_late=False, not_before__lt=timezone.now() - LONG)
    unreadable = FileText.objects.filter(is_final=True).exclude(reason="")
    return Left(waiting.count(), overdue.count(), unreadable.count())


def wait_for_files(tickets: Collection[int], *, is_late: bool) -> None:
    """Have the files of these tickets read, where they are not; one statement, or two, in a transaction, and
    before their rows are made: what is read by another in between would be in neither.

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
