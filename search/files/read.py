"""Reading attached files, in the standing child, after their tickets can be found by all else.

Only one worker does it at a time, and for some seconds: mail always has the others. What a file costs, it
costs alone: one that takes too much is tried once more later, and then it says nothing, which the log tells.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blobs.store import read_many
from search.files.kinds import DOCUMENT, HTML, PLAIN
from search.files.results import FileWords, UnreadableFile
from search.files.waiting import Unread, unread_files
from search.index import current_version, index
from search.models import FileText, UnreadFiles
from tickets.reactions import BUSY_DELAY
from work.away import AWAY, put_back
from work.child import Child, Failed, Killed, Limits, NoChild
from work.claim import extend, give_back, held, postpone
from work.drain import drain
from work.locks import Lock, hold_lock

logger = logging.getLogger(__name__)

BYTES_MOST: Final = 25 * 1024 * 1024
"""Of one file; mails of today bring no larger ones."""
BATCH: Final = 10
SECONDS: Final = 20
TOGETHER: Final = 10
TOGETHER_BYTES: Final = 16 * 1024 * 1024
TRIES: Final = 2
"""Of a file that costs too much, or that fails by a mistake of ours."""
TRIES_OF_TICKET: Final = 10
"""Where workers die, or are killed: no fault of a file, but it comes to an end."""

# What each kind is read by. Its modules are named only: what they load stays in the child.
READERS: Final = {
    PLAIN: "search.files.child:read_plain",
    HTML: "search.files.child:read_html",
    DOCUMENT: "search.files.child:read_document",
}
LIMITS: Final = Limits(cpu_seconds=10, wall_seconds=60)
CHILD_DELAY: Final = timedelta(minutes=1)
READER: Final = Child(modules=("search.files.results",), limits=LIMITS)


def read_waiting(*, is_late: bool) -> int:
    """Read the files of tickets that wait for it; gives the number of tickets taken up.

    0 where another is at it.
    """
    mine = Q(is_late=is_late)
    if not UnreadFiles.objects.filter(mine, UnreadFiles.due_condition(now=timezone.now())).exists():
        return 0
    with hold_lock(Lock.READ_FILES, which=0) as is_ours:
        if not is_ours:
            return 0
        try:
            return drain(UnreadFiles, work=_work, batch=BATCH, lease=settings.CLAIM_LEASE, only=mine)
        finally:
            READER.stop()  # it is begun in half a second, and takes 40 MB


def _work(rows: Sequence[UnreadFiles]) -> None:
    """Read what these tickets have, and make their rows anew."""
    try:
        _finish(rows, later=_read(rows))
    except AWAY:
        put_back(UnreadFiles, rows=rows)
        raise
    except NoChild:
        postpone(UnreadFiles, rows=rows, until=timezone.now() + CHILD_DELAY)
        raise
    except Exception as error:
        logger.exception("the files of %s tickets could not be read", len(rows))
        for row in rows:
            _put_aside(row, f"{type(error).__name__}: {error}")


def _read(rows: Sequence[UnreadFiles]) -> set[int]:
    """Read each file once, and keep at once what it says; gives those for which there was no time."""
    begun = monotonic()
    files = {file.blob: file for file in unread_files([row.ticket_id for row in rows])}
    ended = {row.ticket_id for row in rows if row.attempts > TRIES_OF_TICKET}
    later = set(files)
    for group in _groups(list(files.values())):
        lease = settings.CLAIM_LEASE + timedelta(seconds=LIMITS.wall_seconds * len(group))
        if monotonic() - begun > SECONDS or not extend(rows, lease=lease, now=timezone.now()):
            break
        _keep(group, _results(group, ended=ended))
        later.difference_update(file.blob for file in group)
    return later


def _groups(files: Sequence[Unread]) -> Iterator[list[Unread]]:
    """Some of a kind together, but not for long; what failed before comes alone, after the others."""
    for kind in READERS:
        group: list[Unread] = []
        for file in (file for file in files if file.kind == kind and not file.tries):
            size = sum(other.size for other in group) + file.size
            if group and (len(group) == TOGETHER or size > TOGETHER_BYTES):
                yield group
                group = []
            group.append(file)
        if group:
            yield group
    yield from ([file] for file in files if file.tries)


def _results(group: Sequence[Unread], *, ended: set[int]) -> list[Any]:
    """What the child makes of files of one kind, or why there is nothing."""
    results: dict[int, Any] = {}
    for file in group:
        if file.size > BYTES_MOST:
            results[file.blob] = UnreadableFile(f"It has more than {BYTES_MOST // 2**20} MB.")
        elif file.ticket in ended:
            results[file.blob] = UnreadableFile(f"It came to no end in {TRIES_OF_TICKET} tries.")
    left = [file.blob for file in group if file.blob not in results]
    raws = read_many(left)
    items = [raws.get(blob, b"") for blob in left]
    results |= zip(left, READER.work(READERS[group[0].kind], items), strict=True)
    return [results[file.blob] for file in group]


def _keep(files: Sequence[Unread], results: Sequence[Any]) -> None:
    """Write down what files say, or why they say nothing. That the child was killed is no fault of theirs."""
    texts = [_text(*pair) for pair in zip(files, results, strict=True) if not isinstance(pair[1], Killed)]
    FileText.objects.bulk_create(
        texts,
        update_conflicts=True,
        unique_fields=["blob"],
        update_fields=["text", "is_cut", "reason", "tries", "is_final"],
    )


def _text(file: Unread, result: object) -> FileText:
    if isinstance(result, FileWords):
        return FileText(blob_id=file.blob, text=result.text, is_cut=result.is_cut, is_final=True)
    tries = file.tries + 1
    is_final = isinstance(result, UnreadableFile) or tries >= TRIES
    reason = result.reason if isinstance(result, UnreadableFile | Failed) else "Reading it gave no text."
    if is_final:
        logger.warning("file %s, as in ticket %s, can't be read: %s", file.blob, file.ticket, reason)
    most = FileText.REASON_MOST
    return FileText(blob_id=file.blob, reason=reason[:most], tries=tries, is_final=is_final)


@transaction.atomic
def _finish(rows: Sequence[UnreadFiles], *, later: set[int]) -> None:
    """Make the rows of those tickets whose files are all read; the others wait for what is left of them.

    `later`: files for which there was no time. Of the others that are left, one failed, and is tried again.
    """
    now = timezone.now()
    mine = held(UnreadFiles, rows=rows, now=now)
    left: dict[int, set[int]] = {}
    for file in unread_files([row.ticket_id for row in mine]):
        left.setdefault(file.ticket, set()).add(file.blob)
    ready = {row.ticket_id for row in mine} - left.keys()
    done = index(ready, version=current_version())
    UnreadFiles.objects.filter(pk__in=[row.pk for row in mine if row.ticket_id in done]).delete()
    failed = [row for row in mine if left.get(row.ticket_id, set()) - later]
    for row in failed:
        give_back(row, error="One of its files could not be read.", now=now)
    rest = [row for row in mine if row.ticket_id not in done and row not in failed]
    postpone(UnreadFiles, rows=rest, until=now + BUSY_DELAY)


def _put_aside(row: UnreadFiles, error: str) -> None:
    """What failed by a mistake of ours is tried again, but not for ever: the log told of it."""
    if row.attempts > TRIES:
        UnreadFiles.objects.filter(pk=row.pk, lease=row.lease).delete()
    else:
        give_back(row, error=error.replace("\0", ""), now=timezone.now())
