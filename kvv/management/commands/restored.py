"""`manage.py restored`: say that KVV was put back, or what becomes of what is held since.

restored             hold what is due, as if the database had been seen to be restored: for a disk image
                     that was put back, and a recovery to a point in time, which leave no trace in it
restored --release   let what is held leave after all
restored --drop      let it never leave
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mailgate.restored import note_restore, notice_restore, settle_restore
from work.models import Restore


class Command(BaseCommand):
    """Ends with 1 where nothing waits for a decision."""

    help = "Holds what was due before KVV was put back, releases it or drops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to become of what is held; without it, it is held."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--release", action="store_true", help="let it leave after all")
        what.add_argument("--drop", action="store_true", help="let it never leave")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold, release or drop, and say how much that was."""
        now = timezone.now()
        notice_restore(now=now)
        if not options["release"] and not options["drop"]:
            restore = note_restore(reason=Restore.Reason.SAID, now=now)
            self.stdout.write(f"{restore.held} mails and reactions are held: --release or --drop them.")
            return
        settled = settle_restore(release=options["release"], now=now)
        if settled is None:
            raise CommandError("Nothing is held since a restore.")
        done = "released" if options["release"] else "dropped"
        self.stdout.write(f"{settled} mails and reactions were {done}.")
