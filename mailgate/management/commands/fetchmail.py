"""`manage.py fetchmail`: keep mail within a second of its arrival, until told to stop."""

import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand

from mailgate.mailbox.idling import Stop, serve
from mailgate.restored import look_at_start

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Ends with 0 after SIGTERM or SIGINT. Celery polls, too: whoever holds a mailbox's lease does it."""

    help = "Waits for mail in the mailboxes (by IDLE, else at each one's interval) and keeps it for delivery."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        look_at_start()
        with Stop() as stop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            logger.info("fetching mail")
            serve(stop)
            logger.info("the fetching of mail has stopped")
