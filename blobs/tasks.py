"""What beat asks of this room."""

from celery import shared_task
from django.utils import timezone

from blobs.sweep import sweep


@shared_task(name="blobs.sweep")
def sweep_blobs() -> None:
    """Delete some of the bytes that nothing refers to any more; every hour."""
    sweep(now=timezone.now())
