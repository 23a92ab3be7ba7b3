"""`manage.py ingest`: take in mails from files or standard input, and deliver them at once.

    ingest [--queue NAME] [FILE …]

One line a mail: FILE ticket=… article=… action=new|follow-up|ignored|quarantined|duplicate. Exit 0; 75 (try
again later, sysexits.h) when the database can't be had, so that a mail server keeps the mail; 64 for a queue
that is not there; 66 when a file could not be read.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone

from mailgate.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from queues.models import Queue
from work.rows import WorkRow

USAGE, NO_INPUT, TRY_LATER = 64, 66, 75
TRIES = 10
STANDARD_INPUT = "-"


class Command(BaseCommand):
    """Stores each mail, committed, and then delivers it itself: its lines say what became of it."""

    help = "Takes in mails from files, or one from standard input, and makes tickets of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command line may say."""
        parser.add_argument("--queue", help="the queue for new tickets, whatever the mail says")
        parser.add_argument("files", nargs="*", metavar="FILE", help="mails; standard input if there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in what was given, one after the other."""
        try:
            queue = _queue(options["queue"])
            wrong = [name for name in options["files"] or [STANDARD_INPUT] if not self._ingest(name, queue)]
        except DatabaseError as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            sentence = f"The database can't be had, try again later: {reason}"
            raise CommandError(sentence, returncode=TRY_LATER) from error
        if wrong:
            raise CommandError(f"Not read: {', '.join(wrong)}.", returncode=NO_INPUT)

    def _ingest(self, name: str, queue: Queue | None) -> bool:
        """One mail, and its line; False if it could not be read."""
        try:
            raw = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
        except OSError as error:
            self.stderr.write(f"{name}: {error.strerror}")
            return False
        self.stdout.write(_line(name, _delivered(raw, queue)))
        return True


def _queue(name: str | None) -> Queue | None:
    if name is None:
        return None
    queue = Queue.objects.filter(name=name, is_active=True).first()
    if queue is None:
        raise CommandError(f"There is no queue named '{name}'.", returncode=USAGE)
    return queue


def _delivered(raw: bytes, queue: Queue | None) -> InboundMessage:
    """The mail's row, with what became of it; a ticket that is busy is tried again a few times."""
    arrival = Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)
    lease = uuid4()
    (row,) = take_in_many([arrival], lease=lease)
    for _try in range(TRIES):
        if row.state == WorkRow.CLAIMED:
            deliver([row])
        row = InboundMessage.objects.select_related("article__ticket").get(pk=row.pk)
        if row.state != WorkRow.QUEUED:
            break
        row = _claim(row)
    return row


def _claim(row: InboundMessage) -> InboundMessage:
    """Take our own row again."""
    lease = uuid4()
    InboundMessage.objects.filter(pk=row.pk, state=WorkRow.QUEUED).update(
        state=WorkRow.CLAIMED,
        lease=lease,
        attempts=row.attempts + 1,
        leased_until=timezone.now() + settings.CLAIM_LEASE,
    )
    return InboundMessage.objects.get(pk=row.pk)


def _line(name: str, row: InboundMessage) -> str:
    article = row.article
    ticket = article.ticket.number if article else "-"
    return f"{name} ticket={ticket} article={article.pk if article else '-'} action={row.action or row.state}"
