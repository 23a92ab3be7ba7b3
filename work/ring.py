"""The doorbell: telling a worker that there is work, without ever waiting for or failing on the broker."""

import logging
from dataclasses import dataclass, field

from celery import current_app
from django.db import connection, transaction

from work.trace import current_trace

logger = logging.getLogger(__name__)

RING_EXPIRES_SECONDS = 60
TRACE_HEADER = "kvv_trace"


@dataclass(frozen=True, slots=True)
class _Ring:
    """A ring that waits for its transaction; two of the same are one."""

    task: str
    args: tuple[object, ...]
    trace: str = field(compare=False)

    def __call__(self) -> None:
        _send(self.task, self.args, trace=self.trace)


def ring(task: str, *args: object) -> None:
    """Ring the named drain task once the current transaction is committed, however often it was asked for.

    The id of what rings goes with it (see `work.trace`), as it is now: on commit it may be another's. A
    broken broker is logged and swallowed: the sweeper rings again within five seconds of its return.
    """
    bell = _Ring(task, args, trace=current_trace())
    if not any(waiting[1] == bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell)


def ring_now(task: str, *args: object) -> None:
    """Ring the named drain task at once, outside of any transaction; a broken broker is only logged."""
    _send(task, args, trace=current_trace())


def _send(task: str, args: tuple[object, ...], *, trace: str) -> None:
    headers = {TRACE_HEADER: trace} if trace else None
    try:
        current_app.send_task(
            task, args=args, expires=RING_EXPIRES_SECONDS, ignore_result=True, retry=False, headers=headers
        )
    except Exception as error:  # noqa: BLE001  (whatever the broker does, the row is safe and is swept up)
        logger.warning("could not ring %s: %s", task, error)
