"""The doorbell: telling a worker that there is work, without ever waiting for or failing on the broker."""

import logging
from dataclasses import dataclass

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

RING_EXPIRES_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Ring:
    """A ring that waits for its transaction; two of the same are one."""

    task: str
    args: tuple[object, ...]

    def __call__(self) -> None:
        ring_now(self.task, *self.args)


def ring(task: str, *args: object) -> None:
    """Ring the named drain task once the current transaction is committed, however often it was asked for.

    A broken broker is logged and swallowed: the sweeper rings again within five seconds of its return.
    """
    wanted = _Ring(task, args)
    if not any(waiting[1] == wanted for waiting in connection.run_on_commit):
        transaction.on_commit(wanted)


def ring_now(task: str, *args: object) -> None:
    """Ring at once; see `ring`."""
    try:
        current_app.send_task(task, args=args, expires=RING_EXPIRES_SECONDS, ignore_result=True, retry=False)
    except Exception as error:  # noqa: BLE001  (whatever the broker does, the row is safe and is swept up)
        logger.warning("could not ring %s: %s", task, error)
