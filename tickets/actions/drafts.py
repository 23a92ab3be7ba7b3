"""Forms that were begun and never sent."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tickets.actor import Actor
from tickets.models import Draft

KEEP = timedelta(days=7)
BATCH = 500


def forget_old_drafts(*, now: datetime) -> int:
    """Drop drafts, with their files, that nobody keeps and nobody has touched for a week; gives how many."""
    dropped = 0
    while some := _forget_some(now=now):
        dropped += some
    return dropped


def drop_draft(*, actor: Actor, submission: UUID) -> None:
    """Drop the draft of a form that is done, with its files; one of another agent's is left alone."""
    Draft.objects.filter(submission=submission, holder=actor.agent).delete()


def is_held_by_another(*, actor: Actor, submission: UUID) -> bool:
    """Whether the draft of a form, if it has one, is some other agent's."""
    return Draft.objects.filter(submission=submission).exclude(holder=actor.agent).exists()


@transaction.atomic
def _forget_some(*, now: datetime) -> int:
    """Those that are locked are old under the lock, too; one that somebody has in hand is old no more."""
    old = Draft.objects.filter(is_kept=False, changed__lt=now - KEEP).order_by("changed")
    locked = old.select_for_update(no_key=True, skip_locked=True, of=("self",))
    ids = list(locked.values_list("pk", flat=True)[:BATCH])
    Draft.objects.filter(pk__in=ids).delete()
    return len(ids)
