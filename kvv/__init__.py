"""The house: settings, addresses, Celery, checks and health."""

from kvv.celery import app as celery_app

__all__ = ["celery_app"]
