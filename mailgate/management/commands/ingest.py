"""`manage.py ingest`: take in mails from files or standard input, and deliver them at once.

    ingest [--queue NAME] [FILE …]

One line a mail: FILE ticket=… article=… action=new|follow-up|ignored|quarantined|duplicate|queued. `queued`:
it is kept, and delivered later. A queue that is not there, as one that got another name, is told in the log
and on the pages of administrators; its mail is kept, and goes where its addresses lead.

A mail server takes most exit codes for final and sends the mail back, so it gets two (sysexits.h):
0 where the mail is kept, whatever came after that; 75 (try again later) where it is not, whatever the reason.
A person gets 64 for a command line that says nothing, and 66 when a file could not be read, or not be kept
while others were.
"""

import logging
import os
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db.models import F
from django.utils import timezone

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.restored import notice_restore
from mailgate.unknown_queues import note_unknown_queue
from queues.models import Queue
from work.rows import WorkRow

logger = logging.getLogger(__name__)

USAGE, NO_INPUT, TRY_LATER = 64, 66, 75
ARGPARSE = 2
NAME_MOST = 200
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

    def run_from_argv(self, argv: list[str]) -> None:
        """A wrong command line is a person's to mend; until then a mail server that has it keeps its mail."""
        try:
            super().run_from_argv(argv)
        except SystemExit as end:
            is_typed = sys.stdin is not None and sys.stdin.isatty()
            if end.code == ARGPARSE:
                raise SystemExit(USAGE if is_typed else TRY_LATER) from None
            raise

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in what was given, one after the other: what was kept must not be given to us again."""
        names, unread, away = options["files"] or [STANDARD_INPUT], list[str](), dict[str, Exception]()
        try:
            notice_restore(now=timezone.now())
            queue = _queue(options["queue"])
        except Exception as error:
            raise _try_later(error) from error
        for name in names:
            try:
                if not self._ingest(name, queue):
                    unread.append(name)
            except Exception as error:  # noqa: BLE001  (whatever it is, the mail server has to keep the mail)
                away[name] = error
        if away and len(unread) + len(away) == len(names):
            raise _try_later(next(iter(away.values())))
        if unread or away:
            raise CommandError(f"Not kept: {', '.join([*unread, *away])}.", returncode=NO_INPUT)

    def _ingest(self, name: str, queue: Queue | None) -> bool:
        """One mail, and its line; False if it could not be read. Whatever is raised, it was not kept."""
        row = self._keep(name, queue)  # its bytes are let go here: delivering reads it again
        if row is None:
            return False
        self._say(_line(name, _delivered(row)))
        return True

    def _say(self, line: str) -> None:
        """Where nobody listens any more the mail is kept all the same, and nobody may send it again."""
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError as error:
            logger.warning("nobody reads what became of a mail: %s", error)
            with suppress(OSError):  # what Python has still to write when it ends would be an error again
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    def _keep(self, name: str, queue: Queue | None) -> InboundMessage | None:
        if name == STANDARD_INPUT:
            raw = sys.stdin.buffer.read()
        else:
            try:
                raw = Path(name).read_bytes()
            except OSError as error:
                self.stderr.write(f"{name}: {error.strerror}")
                return None
        arrival = Arrival(raw=raw, way=InboundMessage.Way.PIPE, queue=queue)
        return take_in_many([arrival], lease=uuid4())[0]


def _try_later(error: Exception) -> CommandError:
    reason = " ".join(str(error).split()) or type(error).__name__
    what = "The database can't be had" if isinstance(error, DatabaseError) else "The mail can't be kept"
    return CommandError(f"{what}, try again later: {reason}", returncode=TRY_LATER)


def _queue(asked: str | None) -> Queue | None:
    """The queue of that name, in use or not; None, after telling so, where there is none."""
    if asked is None:
        return None
    name = asked.encode("utf-8", "replace").decode()[:NAME_MOST]  # an argument may be any bytes
    queue = Queue.objects.filter(name=name).first()
    if queue is None:
        logger.warning("there is no queue named '%s': its mail goes where its addresses lead", name)
        note_unknown_queue(name, now=timezone.now())
    return queue


def _delivered(row: InboundMessage) -> InboundMessage | None:
    """The kept mail's row, with what became of it; None where that can't be said, and the drain goes on.

    A mail server that hears of an error now would send it again, or send it back.
    """
    try:
        _deliver(row)
        return _fresh(row)
    except Exception:
        logger.exception("mail %s is kept, but not delivered yet", row.pk)
        return None


def _deliver(row: InboundMessage) -> None:
    """While it is ours; a ticket that is busy is tried again a few times."""
    is_mine, tries = row.state == WorkRow.CLAIMED, 0
    while is_mine:
        deliver([row])
        tries += 1
        row = _fresh(row)
        is_mine = row.state == WorkRow.QUEUED and tries < TRIES and _claim(row)


def _fresh(row: InboundMessage) -> InboundMessage:
    return InboundMessage.objects.select_related("article__ticket").get(pk=row.pk)


def _claim(row: InboundMessage) -> bool:
    """Take our own row again; False where the drain was faster."""
    claimed = InboundMessage.objects.filter(pk=row.pk, state=WorkRow.QUEUED).update(
        state=WorkRow.CLAIMED,
        lease=uuid4(),
        attempts=F("attempts") + 1,
        leased_until=timezone.now() + settings.CLAIM_LEASE,
    )
    if claimed:
        row.refresh_from_db()
    return bool(claimed)


def _line(name: str, row: InboundMessage | None) -> str:
    if row is None or row.state in (WorkRow.QUEUED, WorkRow.CLAIMED):
        return f"{name} ticket=- article=- action={WorkRow.QUEUED}"
    article = row.article
    ticket = article.ticket.number if article else "-"
    return f"{name} ticket={ticket} article={article.pk if article else '-'} action={row.action or row.state}"
