"""What beat asks of the house itself."""

from celery import shared_task
from django.utils import timezone

from kvv.watch.alerts import watch
from mailgate.restored import notice_restore


@shared_task(name="kvv.watch")
def watch_over() -> None:
    """Look whether something is wrong, and tell the admins once; every minute."""
    now = timezone.now()
    notice_restore(now=now)
    watch(now=now)
