"""Whether all tickets can be found, and by their files, too."""

from collections.abc import Iterator

from django.db import DatabaseError, transaction

from kvv.doctor.data import limit_time
from kvv.doctor.finding import Finding, fine, warning, wrong
from search.files.waiting import left
from search.filling import State, state, unfindable


def searchable() -> Iterator[Finding]:
    """Each ticket has its words, of the stems that words have now."""
    try:
        with transaction.atomic():
            limit_time()
            missing, now = unfindable(), state()
    except DatabaseError as error:
        yield warning("search", f"The tickets could not be looked at: {' '.join(str(error).split())}")
        return
    hurry = "It goes on by itself while beat and a worker run; python manage.py reindex hurries it."
    said = "1 ticket" if missing == 1 else f"{missing} tickets"
    if missing and now == State.DONE:
        yield wrong("search", f"{said} can't be found. Run python manage.py reindex.")
    elif missing:
        yield warning("search", f"{said} can't be found yet. {hurry}")
    elif now != State.DONE:
        yield warning("search", f"What tickets are found by is of an earlier version. {hurry}")
    else:
        yield fine("search", "All tickets can be found.")


def files() -> Iterator[Finding]:
    """What stands in attached files is read. Some never are, as those with a password: that is no fault."""
    try:
        with transaction.atomic():
            limit_time()
            waiting, overdue, unreadable = left()
    except DatabaseError as error:
        yield warning("files", f"The files could not be looked at: {' '.join(str(error).split())}")
        return
    if overdue:
        yield warning("files", f"{overdue} tickets wait for their files to be read. Is a worker running?")
        return
    late = f"{waiting} tickets wait for it" if waiting else "none waits for it"
    yield fine("files", f"Tickets are found by their files: {late}. {unreadable} files can't be read.")
