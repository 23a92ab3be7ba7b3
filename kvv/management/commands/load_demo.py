"""Fill an empty KVV with the demo."""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Agent
from kvv.demo.conversations import make_conversations
from kvv.demo.house import make_house
from outbox.transports import use_catcher
from tickets.models import Ticket
from tickets.tally import fold

CATCHER_HOST = "127.0.0.1"
CATCHER_PORT = "2526"


class Command(BaseCommand):
    """Makes queues, agents and tickets of an invented association; does nothing where there are any."""

    help = "Fill an empty KVV with the demo's queues, agents and tickets."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing, in one transaction."""
        port = int(os.environ.get("KVV_CATCHER_PORT", CATCHER_PORT))
        if Agent.objects.exists() or Ticket.objects.exists():
            self.stdout.write("There is data already: the demo is left as it is.")
            return
        with transaction.atomic(), translation.override("nl"):
            use_catcher(host=CATCHER_HOST, port=port)
            make_house()
            made = make_conversations(now=timezone.now())
        fold()
        self.stdout.write(f"The demo is loaded: {made} tickets.")
