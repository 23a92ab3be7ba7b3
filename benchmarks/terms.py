"""How long new terms of the queues take to reach all open tickets, and how long anybody waits for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from django.db import connection, transaction

from queues.calendars import new_terms
from queues.models import Calendar, Queue
from tickets.actions.terms import apply_terms
from tickets.changing.locking import lock_tickets
from tickets.models import Ticket

OFFICE = {str(day): [["09:00", "12:30"], ["13:00", "17:00"]] for day in range(5)}
PROMISES = {"first_response_minutes": 240, "update_minutes": 960, "solution_minutes": 2400}
NONE = dict.fromkeys(PROMISES)


@contextmanager
def promised() -> Iterator[dict[str, object]]:
    """All queues promise three terms in office hours meanwhile; gives what applying that took."""
    calendar = Calendar.objects.create(name="Bench", hours=OFFICE, holidays=["nl:christmas_day"])
    Queue.objects.update(calendar=calendar, **PROMISES)
    yield _apply()
    Queue.objects.update(calendar=None, **NONE)
    _apply()


def _apply() -> dict[str, object]:
    """Seconds and number of tickets, and the longest that somebody waited who locked one after the other."""
    new_terms(Queue.objects.all())
    ids = list(Ticket.objects.open().values_list("pk", flat=True))
    waited: list[float] = []
    is_over = threading.Event()
    someone = threading.Thread(target=_lock_in_turn, args=(ids, waited, is_over))
    someone.start()
    began = time.perf_counter()
    try:
        tickets = apply_terms()
    finally:
        taken = time.perf_counter() - began
        is_over.set()
        someone.join()
    left = apply_terms()
    longest = round(1000 * max(waited, default=0), 1)
    return {"seconds": round(taken, 2), "tickets": tickets + left, "longest_wait_ms": longest}


def _lock_in_turn(ids: list[int], waited: list[float], is_over: threading.Event) -> None:
    try:
        for ticket_id in cycle(ids):
            if is_over.is_set():
                return
            began = time.perf_counter()
            with transaction.atomic():
                lock_tickets(ticket_id)
                waited.append(time.perf_counter() - began)
    finally:
        connection.close()
