"""`manage.py reindex`: tickets that can't be found yet can be."""

import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import translation

from search.filling import begin, fill_step

LINE_SECONDS: Final = 10
BUSY_SECONDS: Final = 0.5
"""Beat does the same for some seconds of each minute."""


class Command(BaseCommand):
    """Safe beside everything else. Stopped, it goes on where it was when it is started again."""

    help = "Makes what tickets are found by where it is missing or old, from the newest ticket to the oldest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The one option."""
        parser.add_argument("--all", action="store_true", help="make it anew where it is in order, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all tickets, with a line every ten seconds."""
        with translation.override("en"):
            begin(is_whole=options["all"])
            made, told = 0, time.monotonic()
            while (step := fill_step()).below is not None:
                made += step.made
                if step.is_busy:
                    time.sleep(BUSY_SECONDS)
                if time.monotonic() - told >= LINE_SECONDS:
                    told = time.monotonic()
                    self.stdout.write(f"{made} tickets done, those below {step.below} are next.")
            self.stdout.write(f"{made + step.made} tickets done, all can be found.")
