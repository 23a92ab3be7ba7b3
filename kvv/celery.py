"""The Celery app: a doorbell with short patience.

Rows in the database are the queue (see `work/`), so a ring may get lost: acknowledged early, expiring soon,
never retried, and never waited for. The defaults would block a request for more than 25 s on a broker that
hangs, and strand prefetched tasks for an hour after a kill.
"""

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from django.conf import settings

from kvv.environment import one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvv.settings")

with one_sentence(exit_code=1):
    settings.REDIS_URL  # noqa: B018  (the first look reads all settings)

SOCKET_SECONDS = 0.5

# It warns of root; `make run` works as root on purpose, and a container does not run as root.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("kvv")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": SOCKET_SECONDS,
        "socket_connect_timeout": SOCKET_SECONDS,
        "visibility_timeout": 3600,
    },
    task_publish_retry=False,
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    task_default_queue="kvv",
    beat_schedule=settings.BEAT_SCHEDULE,
    beat_max_loop_interval=5,
    timezone="UTC",
)
app.autodiscover_tasks()
