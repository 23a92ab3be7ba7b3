"""Whether all tickets can be found."""

from collections.abc import Iterator

from django.db import DatabaseError, transaction

from kvv.doctor.data import limit_time
from kvv.doctor.finding import Finding, fine, warning, wrong
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
