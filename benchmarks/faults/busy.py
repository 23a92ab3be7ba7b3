"""What the main thread does all the time, beside killing."""

import time
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, close_old_connections

from benchmarks.faults.ledger import Ledger
from benchmarks.faults.quiet import let_summaries_leave
from benchmarks.faults.stack import Stack
from tickets.models import Ticket

LOOK_SECONDS, HURRY_SECONDS = 0.5, 2.0
KNOWN = 30


class Busy:
    """Starts again what is due, and tells the ledger the numbers of the newest open tickets.

    For what agents are told ten minutes pass in two seconds, so that there are mails and summaries all along.
    """

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self.stack, self.ledger = stack, ledger
        self._looked = self._hurried = 0.0

    def __call__(self) -> None:
        self.stack.look_after()
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            with suppress(DatabaseError, InterfaceError):
                close_old_connections()
                newest = Ticket.objects.all().open().order_by("-pk").values_list("number", flat=True)[:KNOWN]
                self.ledger.numbers = tuple(newest)
        if time.monotonic() - self._hurried > HURRY_SECONDS:
            self._hurried = time.monotonic()
            with suppress(DatabaseError, InterfaceError):
                close_old_connections()
                let_summaries_leave()
