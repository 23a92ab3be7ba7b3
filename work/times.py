"""How often tasks run and how long they take, counted in the database: workers are many processes.

Counting never fails or delays a task's work: it happens when that is done.
"""

import logging
import time

from django.db import Error, connection

logger = logging.getLogger(__name__)

ADD = """
INSERT INTO work_tasktime (name, runs, failures, seconds) VALUES (%(name)s, 1, %(failures)s, %(seconds)s)
ON CONFLICT (name) DO UPDATE SET runs = work_tasktime.runs + 1,
    failures = work_tasktime.failures + EXCLUDED.failures, seconds = work_tasktime.seconds + EXCLUDED.seconds
"""
NAME_MOST = 100

_started: dict[str, float] = {}


def task_begins(task_id: str) -> None:
    """Look at the clock."""
    _started[task_id] = time.monotonic()


def task_ended(task_id: str, *, name: str, failed: bool) -> None:
    """Add what it took, in one statement, so that two workers never lose each other's figures."""
    began = _started.pop(task_id, None)
    if began is None:
        return
    values: dict[str, str | int | float] = {
        "name": name[:NAME_MOST],
        "failures": int(failed),
        "seconds": time.monotonic() - began,
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(ADD, values)
    except Error as error:
        logger.warning("could not count a run of %s: %s", name, error)
