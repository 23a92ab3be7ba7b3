"""What beat asks of this room."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts import limits


@shared_task(name="accounts.forget_expired")
def forget_expired() -> None:
    """Drop counts of the past, and sessions that have ended with all that they hold; every hour."""
    limits.forget_expired(now=timezone.now())
    SessionStore.clear_expired()
