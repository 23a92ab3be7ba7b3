"""How long new terms of the queues take to reach all open tickets, and how long each is held for it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from queues.calendars import new_terms
from queues.models import Calendar, Queue
from tickets.actions import terms
from tickets.actions.terms import apply_terms

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
    """Seconds and number of tickets, and the longest that a batch's tickets were held, in ms."""
    new_terms(Queue.objects.all())
    held: list[float] = []
    hold = terms._apply  # noqa: SLF001  (only here is how long locks are held of interest)

    def timed(ids: Sequence[int]) -> int:
        began = time.perf_counter()
        done = hold(ids)
        held.append(time.perf_counter() - began)
        return done

    began = time.perf_counter()
    with patch.object(terms, "_apply", timed):
        tickets = apply_terms()
    taken = time.perf_counter() - began
    longest = round(1000 * max(held, default=0), 1)
    return {"seconds": round(taken, 2), "tickets": tickets, "longest_hold_ms": longest}
