"""What beat asks of this room."""

from celery import shared_task
from django.utils import timezone

from accounts.limits import forget_expired


@shared_task(name="accounts.forget_expired")
def forget_limits() -> None:
    """Drop counts of the past; every hour."""
    forget_expired(now=timezone.now())
