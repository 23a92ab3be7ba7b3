"""What Celery does to tell agents: each task is a doorbell, its work is in the database."""

from celery import shared_task
from django.utils import timezone

from notify.aftercare import forget, look_after
from notify.decide import SEND, deciding
from notify.send import send_waiting
from tickets.kinds import NOTIFY
from tickets.reactions import work_off


@shared_task(name="notify.decide")
def decide() -> int:
    """Decide who is told of what happened, until nothing waits or 20 s have passed."""
    return work_off(NOTIFY, prepare=deciding)


@shared_task(name=SEND)
def send() -> int:
    """Mail what waits to be told, until none of it is due or 20 s have passed."""
    return send_waiting()


@shared_task(name="notify.look_after")
def look_after_mails() -> None:
    """Take back what should not leave any more, and stop where nothing arrives; every minute."""
    look_after(now=timezone.now())


@shared_task(name="notify.forget")
def forget_told() -> None:
    """Drop what nothing is asked of any more; every hour."""
    forget(now=timezone.now())
