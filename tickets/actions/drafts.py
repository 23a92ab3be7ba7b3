"""Forms that were begun and never sent."""

from datetime import datetime, timedelta
from uuid import UUID

from tickets.actor import Actor
from tickets.models import Draft

KEEP = timedelta(days=7)
BATCH = 500


def forget_old_drafts(*, now: datetime) -> int:
    """Drop drafts, with their files, that nobody keeps and nobody has touched for a week; gives how many."""
    old = Draft.objects.filter(is_kept=False, changed__lt=now - KEEP).order_by("changed")
    dropped = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        Draft.objects.filter(pk__in=ids, is_kept=False, changed__lt=now - KEEP).delete()
        dropped += len(ids)
    return dropped


def drop_draft(*, actor: Actor, submission: UUID) -> None:
    """Drop the draft of a form that is done, with its files; one of another agent's is left alone."""
    Draft.objects.filter(submission=submission, holder=actor.agent).delete()
