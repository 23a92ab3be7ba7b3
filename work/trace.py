"""One id through a whole round: a request or a mail, every task it rings for, and every line it logs.

The id is in a context variable, so that threads and tasks never mix theirs; `work.ring` carries it to the
worker, and a row that is `Traced` keeps it for whoever takes the row up later. To read the story of one mail,
look for its Message-ID in the log, and then for the id that stands on that line.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NONE = "-"

_current: ContextVar[str] = ContextVar("trace", default="")


def new_trace() -> str:
    """An id that nobody has had, of 16 characters."""
    return uuid.uuid4().hex[:16]


def current_trace() -> str:
    """The id of what is being done, or nothing."""
    return _current.get()


def set_trace(trace: str) -> None:
    """From here on all belongs to this id; for requests and tasks, which have hooks at begin and end."""
    _current.set(trace)


@contextmanager
def traced(trace: str) -> Iterator[None]:
    """What happens inside belongs to this id."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


class TraceFilter(logging.Filter):
    """Gives each line of the log the id it belongs to, as `trace`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes."""
        record.trace = _current.get() or NONE
        return True
