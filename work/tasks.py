"""The sweeper: rings every drain of the house, so that a lost ring costs seconds."""

from celery import shared_task
from django.conf import settings

from work.heartbeat import BEAT, WORKER, beat
from work.ring import ring_now


@shared_task(name="work.sweep")
def sweep() -> None:
    """Ring each drain named in the setting DRAINS; beat calls this every five seconds.

    That it runs is a sign of life of beat and of a worker.
    """
    beat(BEAT)
    beat(WORKER)
    for task in settings.DRAINS:
        ring_now(task)
