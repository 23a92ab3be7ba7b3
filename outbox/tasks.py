"""What the worker runs for this room."""

from celery import shared_task

from outbox.send import send_due


@shared_task(name="outbox.send")
def send() -> None:
    """Send what is due."""
    send_due()
