"""What beat asks of this room."""

from celery import shared_task
from django.utils import timezone

from tickets.actions.terms import apply_terms, fill_facts
from tickets.actions.uploads import forget_old_uploads
from tickets.tally import fold


@shared_task(name="tickets.fold_tallies")
def fold_tallies() -> None:
    """Keep the counts cheap; every minute."""
    fold()


@shared_task(name="tickets.forget_uploads")
def forget_uploads() -> None:
    """Drop files of forms that were never sent; every hour."""
    forget_old_uploads(now=timezone.now())


@shared_task(name="tickets.keep_terms")
def keep_terms() -> None:
    """Read the story of tickets that have no facts yet, and apply what queues promise now; every minute."""
    fill_facts()
    apply_terms()
