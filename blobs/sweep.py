"""Deleting the bytes that nothing refers to any more: dropped files, forgotten forms, deleted mail.

Once a day a round goes through all blobs and marks those that nothing refers to. Who stores the same bytes
again takes the mark away. What has been marked for a day is locked, asked about again, and deleted.

One in use never goes, whoever is still about to refer to it. A transaction that has met a blob in
`store_many` holds it FOR KEY SHARE until its reference is committed, which does not go together with the lock
taken here: such a blob is passed over. What is asked under that lock sees every reference committed before.
The foreign key alone would not do: it is checked at the commit, when the blob is gone, and the mail with it.
"""

import logging
from datetime import datetime, timedelta
from itertools import accumulate
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import CASCADE, Exists, ForeignKey, ManyToOneRel, Max, OuterRef, QuerySet

from blobs.models import Blob, SweepRound

logger = logging.getLogger(__name__)

GRACE = timedelta(days=1)
ROUND = timedelta(days=1)
SECONDS = 20
LOOKED_AT_TOGETHER = 10_000
DELETED_TOGETHER = 100
BYTES_TOGETHER = 32 * 1024 * 1024


def sweep(*, now: datetime) -> int:
    """Delete what has been unused for a day, then go on with the round; gives the number of blobs deleted.

    It stops after 20 seconds and goes on the next time. Two at once do no harm.
    """
    end, deleted = monotonic() + SECONDS, 0
    while monotonic() < end and (count := _delete_some(now=now)) is not None:
        deleted += count
    while monotonic() < end and _mark_some(now=now):
        pass
    if deleted:
        logger.info("deleted %s blobs that nothing refers to", deleted)
    return deleted


def references() -> list["ForeignKey[Any, Any]"]:
    """Every foreign key that keeps a blob, in whatever room it is: not those whose rows go with it (CASCADE),
    as its parts, and what is known of it."""
    relations = Blob._meta.get_fields(include_hidden=True)
    return [
        relation.field
        for relation in relations
        if isinstance(relation, ManyToOneRel) and relation.on_delete is not CASCADE
    ]


def _unused(**among: object) -> QuerySet[Blob]:
    """The blobs whose id is `among` these (look-ups such as `gt`) and that nothing refers to.

    Each table is asked for just these ids, and so is read by that part of its index.
    """
    blobs = Blob.objects.filter(**{f"pk__{lookup}": value for lookup, value in among.items()})
    for reference in references():
        name = reference.attname
        lookups = {f"{name}__{lookup}": value for lookup, value in among.items()}
        users = reference.model._base_manager.filter(**{name: OuterRef("pk")} | lookups)
        blobs = blobs.filter(~Exists(users))
    return blobs


@transaction.atomic
def _delete_some(*, now: datetime) -> int | None:
    """Delete some of the blobs that have been marked for a day, and give their number; None: no more are."""
    marked = Blob.objects.filter(unused_since__lte=now - GRACE).order_by("unused_since")
    locked = marked.select_for_update(skip_locked=True, no_key=False, of=("self",))[:DELETED_TOGETHER]
    sizes = dict(locked.values_list("pk", "size"))
    if not sizes:
        return None
    ids = _at_most(BYTES_TOGETHER, sizes)
    unused = list(_unused(**{"in": ids}).values_list("pk", flat=True))
    Blob.objects.filter(pk__in=set(ids).difference(unused)).update(unused_since=None)
    Blob.objects.filter(pk__in=unused).delete()
    return len(unused)


def _at_most(most: int, sizes: dict[int, int]) -> list[int]:
    """The first of these blobs (id → bytes) that have so many bytes together, but one at least."""
    sums = list(accumulate(sizes.values()))
    return list(sizes)[: max(1, sum(together <= most for together in sums))]


@transaction.atomic
def _mark_some(*, now: datetime) -> bool:
    """Go on with the round; False when it is done, or another is at it."""
    SweepRound.objects.get_or_create(pk=1, defaults={"began": now})
    rounds = SweepRound.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    turn = rounds.filter(pk=1).first()
    if turn is None or (turn.upto is None and now - turn.began < ROUND):
        return False
    if turn.upto is None:
        turn.began, turn.upto = now, 0
    following = Blob.objects.filter(pk__gt=turn.upto).order_by("pk")[:LOOKED_AT_TOGETHER]
    upto = following.aggregate(upto=Max("pk"))["upto"]
    if upto is not None:
        _unused(gt=turn.upto, lte=upto).filter(unused_since=None).update(unused_since=now)
    turn.upto = upto
    turn.save(update_fields=["began", "upto"])
    return upto is not None
