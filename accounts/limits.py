"""What is counted against those who try passwords."""

from datetime import datetime

from accounts.models import CacheEntry


def forget_expired(*, now: datetime) -> None:
    """Drop counts that hold nobody back any more: Django itself drops one only when it is asked for again."""
    CacheEntry.objects.filter(expires__lt=now).delete()
