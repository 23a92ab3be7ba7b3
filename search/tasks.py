"""What Celery does so that tickets are found: the work is in the database."""

from celery import shared_task

from search.files.read import read_waiting
from search.files.waiting import READ_FILES
from search.filling import begin_if_missing, fill_for_a_while
from search.index import indexing
from tickets.kinds import SEARCH
from tickets.reactions import work_off

BATCH = 60
"""Tickets: each costs less of what is asked once a batch, and none waits for the others for long."""


@shared_task(name="search.index")
def index_waiting() -> int:
    """Make the rows of tickets to which something happened, until nothing waits or 20 s have passed."""
    return work_off(SEARCH, prepare=indexing, batch=BATCH)


@shared_task(name="search.fill")
def fill() -> int:
    """Make rows that are missing or old, for 20 s at most; every minute."""
    return fill_for_a_while()


@shared_task(name="search.check")
def check() -> None:
    """Go through all tickets if there are any that can't be found; every hour."""
    begin_if_missing()


@shared_task(name=READ_FILES)
def read_files() -> int:
    """Read the files of tickets to which something happened, for 20 s at most."""
    return read_waiting(is_late=False)


@shared_task(name="search.read_late_files")
def read_late_files() -> int:
    """Read the files of tickets of before, for 20 s at most; every minute."""
    return read_waiting(is_late=True)
