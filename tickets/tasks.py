"""What beat asks of this room."""

from celery import shared_task
from django.utils import timezone

from tickets.actions.alarms import tell_alarms
from tickets.actions.asked import tell_in_vain
from tickets.actions.close_waited import close_waited
from tickets.actions.drafts import forget_old_drafts
from tickets.actions.free_locks import free_locks
from tickets.actions.terms import apply_terms, fill_facts
from tickets.bulk_work import work_off
from tickets.bulks import TASK, forget_old
from tickets.tally import fold
from tickets.undelivered import note_all_undelivered


@shared_task(name="tickets.fold_tallies")
def fold_tallies() -> None:
    """Keep the counts cheap; every minute."""
    fold()


@shared_task(name="tickets.close_waited")
def close_what_waited() -> None:
    """Close the tickets that wait for it, once their time has come; every minute."""
    close_waited(now=timezone.now())


@shared_task(name="tickets.forget_drafts")
def forget_drafts() -> None:
    """Drop forms that were begun and never sent; every hour."""
    forget_old_drafts(now=timezone.now())


@shared_task(name=TASK)
def bulk() -> None:
    """Do to each ticket of a bulk action what was asked for."""
    work_off()


@shared_task(name="tickets.forget_bulks")
def forget_bulks() -> None:
    """Drop what came of bulk actions a week ago; every hour."""
    forget_old(now=timezone.now())


@shared_task(name="tickets.undelivered")
def undelivered() -> None:
    """Tell in their tickets which answers did not arrive."""
    note_all_undelivered()


@shared_task(name="tickets.keep_terms")
def keep_terms() -> None:
    """Read the story of tickets that have no facts yet, and apply what queues promise now; every minute."""
    fill_facts()
    apply_terms()


@shared_task(name="tickets.tell_alarms")
def tell_what_has_come() -> None:
    """Tell of terms that are nearly or quite over, and of dates that were waited for; every minute."""
    tell_alarms(now=timezone.now())


@shared_task(name="tickets.free_locks")
def free_old_locks() -> None:
    """Free the locks that nobody went on with, and those of who can't sign in any more; every minute."""
    free_locks(now=timezone.now())


@shared_task(name="tickets.out_of_sight")
def tell_what_is_out_of_sight() -> None:
    """Tell in tickets whom they were asked of that can't see them any more, or is away; every minute."""
    tell_in_vain(now=timezone.now())
