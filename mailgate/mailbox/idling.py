"""`manage.py fetchmail`: a thread for each mailbox that waits for arrivals, to keep a mail within a second.

A thread leases its mailbox as the Celery poll does, fetches, and goes into IDLE. It keeps the lease for as
long as it lives; when it dies, Celery takes over once the lease has run out. Where a server has no IDLE (or
by POP3) the thread ends after a fetch, and the next one starts when the mailbox is due.
"""

import logging
import select
import socket
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections
from django.utils import timezone

from mailgate.mailbox.connect import open_folder
from mailgate.mailbox.fetch import fetch_new, record_failure
from mailgate.mailbox.folder import Folder, MailboxError
from mailgate.mailbox.leases import (
    LeaseLost,
    due_mailboxes,
    finish,
    free_mailboxes,
    is_unchanged,
    lease_mailbox,
    renew,
    worked,
)
from mailgate.models import Mailbox

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1
DATABASE_AWAY_SECONDS = 5
KEEP_SECONDS = settings.MAILBOX_LEASE.total_seconds() / 3
IDLE_MOST_SECONDS = 25 * 60  # a server may hang up after 30 minutes (RFC 2177 says: renew every 29)
FINISH_SECONDS = 5
STEADY_SECONDS = 10


class Stop:
    """Set once; whoever waits for it, or for its file together with a socket, wakes up."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._is_set = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._read.close()
        self._write.close()

    def set(self) -> None:
        """Safe in a signal handler, and twice."""
        if not self._is_set:
            self._is_set = True
            self._write.send(b".")

    def is_set(self) -> bool:
        """Whether it was."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Until it is set, or the time is over; says which."""
        poller = select.poll()
        poller.register(self._read, select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def fileno(self) -> int:
        """Can be read once it is set."""
        return self._read.fileno()


class Watcher(threading.Thread):
    """Watches one mailbox, until told to stop, or something changes, or the server has no IDLE."""

    def __init__(self, mailbox_id: int, *, stop: Stop) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.mailbox_id, self.stop = mailbox_id, stop
        self.has_held = False
        self.worked_since: float | None = None

    def run(self) -> None:
        """Whatever happens here does not disturb the others."""
        try:
            self._watch()
        except DatabaseError as error:
            logger.error(
                "mailbox %s: the database can't be had: %s", self.mailbox_id, " ".join(str(error).split())
            )
        except Exception:
            logger.exception("mailbox %s: watching it failed", self.mailbox_id)
        finally:
            connections.close_all()

    def _watch(self) -> None:
        mailbox = lease_mailbox(self.mailbox_id)
        if mailbox is None:
            return
        try:
            self._hold(mailbox)
        except LeaseLost:
            logger.warning("mailbox %s: another fetcher has taken over", mailbox)
        else:
            self.has_held = True

    def _hold(self, mailbox: Mailbox) -> None:
        """A connection that worked for a while and then ended, as all do some day, is just made again."""
        seconds = 0.0
        try:
            with open_folder(mailbox) as folder:
                seconds = self._stay(folder)
        except MailboxError as error:
            if self.worked_since is None or time.monotonic() - self.worked_since < STEADY_SECONDS:
                record_failure(mailbox, error=error)
                return
            logger.info("mailbox %s: connecting again: %s", mailbox, error)
        finish(mailbox, next_poll=timezone.now() + timedelta(seconds=seconds))

    def _stay(self, folder: Folder) -> float:
        """Fetch and wait for as long as it goes; gives after how many seconds somebody is to look again."""
        mailbox = folder.mailbox
        while not self.stop.is_set():
            for kept in fetch_new(folder):
                logger.info("mailbox %s: kept %d mails", mailbox, kept)
                if self.stop.is_set():
                    return 0
            if not folder.can_wait:
                return mailbox.interval_seconds
            worked(mailbox)
            self.worked_since = self.worked_since or time.monotonic()
            if not is_unchanged(mailbox) or not self._idle(folder):
                break
        return 0

    def _idle(self, folder: Folder) -> bool:
        """Wait until it is time to look; False when it is time to go.

        We look at the mailbox's interval in any case: there are servers that promise IDLE and tell nothing.
        """
        mailbox = folder.mailbox
        until = time.monotonic() + min(max(mailbox.interval_seconds, 1), IDLE_MOST_SECONDS)
        with folder.idling(wake=self.stop.fileno()) as hears:
            while (rest := until - time.monotonic()) > 0:
                connections.close_all()  # a hundred quiet mailboxes need no hundred connections
                if hears(min(rest, KEEP_SECONDS)):
                    return True
                if self.stop.is_set() or not is_unchanged(mailbox):
                    return False
                renew(mailbox)
        return True


def serve(stop: Stop) -> None:
    """Have a watcher for each mailbox that needs one, until told to stop; then all end within seconds."""
    watchers: dict[int, Watcher] = {}
    while not stop.is_set():
        _start_missing(watchers, stop=stop)
        stop.wait(LOOK_SECONDS)
    until = time.monotonic() + FINISH_SECONDS
    for watcher in watchers.values():
        watcher.join(timeout=max(until - time.monotonic(), 0))


def _start_missing(watchers: dict[int, Watcher], *, stop: Stop) -> None:
    """A mailbox that this process has not yet held is taken once it is free, others when they are due."""
    now = timezone.now()
    try:
        close_old_connections()
        free = set(free_mailboxes(now=now).values_list("pk", flat=True))
        due = set(due_mailboxes(now=now).values_list("pk", flat=True))
    except DatabaseError as error:
        logger.error("the database can't be had: %s", " ".join(str(error).split()))
        stop.wait(DATABASE_AWAY_SECONDS)
        return
    for mailbox_id in sorted(free):
        last = watchers.get(mailbox_id)
        if last is not None and (last.is_alive() or (last.has_held and mailbox_id not in due)):
            continue
        watchers[mailbox_id] = Watcher(mailbox_id, stop=stop)
        watchers[mailbox_id].start()
