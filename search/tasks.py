"""What Celery does so that tickets are found: the work is in the database."""

from celery import shared_task

from search.filling import fill_for_a_while
from search.index import indexing
from tickets.kinds import SEARCH
from tickets.reactions import work_off

BATCH = 60
"""Tickets are found after a quarter of a second at most, and all that is asked once a batch costs each less."""


@shared_task(name="search.index")
def index_waiting() -> int:
    """Make the rows of tickets to which something happened, until nothing waits or 20 s have passed."""
    return work_off(SEARCH, prepare=indexing, batch=BATCH)


@shared_task(name="search.fill")
def fill() -> int:
    """Make rows that are missing or old, for 20 s at most; every minute."""
    return fill_for_a_while()
