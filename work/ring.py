"""The doorbell: telling a worker that there is work, without ever waiting for or failing on the broker."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

RING_EXPIRES_SECONDS = 60


def ring(task: str, *args: object) -> None:
    """Ring the named drain task once the current transaction is committed.

    A broken broker is logged and swallowed: the sweeper rings again within five seconds of its return.
    """
    transaction.on_commit(lambda: ring_now(task, *args))


def ring_now(task: str, *args: object) -> None:
    """Ring at once; see `ring`."""
    try:
        current_app.send_task(task, args=args, expires=RING_EXPIRES_SECONDS, ignore_result=True, retry=False)
    except Exception as error:  # noqa: BLE001  (whatever the broker does, the row is safe and is swept up)
        logger.warning("could not ring %s: %s", task, error)
