"""What happens around every task of a worker: it gets its id, is counted, and shows that a worker lives.

And the worker's log is that of the other programs.
"""

from typing import Any

from celery.signals import setup_logging, task_postrun, task_prerun, worker_init

from work.heartbeat import WORKER, beat
from work.ring import TRACE_HEADER
from work.times import task_begins, task_ended
from work.trace import new_trace, set_trace


@setup_logging.connect
def keep_our_log(**_unused: Any) -> None:
    """With a listener here Celery sets no level and no handler of its own: LOGGING of the settings holds."""


@worker_init.connect
def look_whether_restored(**_unused: Any) -> None:
    """Before anything leaves."""
    from mailgate.restored import look_at_start  # noqa: PLC0415  # models are there only now

    look_at_start()


@task_prerun.connect
def begin(task_id: str = "", task: Any = None, **_unused: Any) -> None:
    """A task goes on with the id that its ring brought; one that beat rang for gets its own."""
    set_trace(str(task.request.get(TRACE_HEADER) or new_trace()))
    task_begins(task_id)


@task_postrun.connect
def end(task_id: str = "", task: Any = None, state: str | None = None, **_unused: Any) -> None:
    """Count it; what comes after is not part of it. What fails here is logged by Celery, and no more."""
    set_trace("")
    task_ended(task_id, name=task.name, failed=state == "FAILURE")
    beat(WORKER)
