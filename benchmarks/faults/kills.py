"""Killing in turn: each program once a round, in an order and at moments that nobody foresees."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from benchmarks.faults.ledger import Ledger
from benchmarks.faults.programs import Program
from benchmarks.faults.stack import Stack
from mailgate.models import InboundMessage, Mailbox
from notify.models import Notification
from outbox.models import OutboundMessage
from tickets.models import BulkTicket, EventTask
from work.ring import ring_now

PAUSE_SECONDS = (0.1, 1.2)
AWAY_SECONDS = (0.1, 1.5)
AT_WORK_SECONDS = 5.0
UP_SECONDS = 20.0
ON_ITS_WAY_SECONDS = 0.04
FULL_SECONDS = 4.0
POOL = 4
AT_WORK_ON = (InboundMessage, OutboundMessage, BulkTicket, Notification, EventTask)
TAKES_FORMS = ("web", "postgres")


class Killer:
    """Kills one program after the other and counts; `busy` is done between, often."""

    def __init__(self, stack: Stack, ledger: Ledger, *, busy: Callable[[], None], seed: int) -> None:
        self.stack, self.ledger, self.busy = stack, ledger, busy
        self.chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
        self.counts: Counter[str] = Counter()
        self.moments: Counter[str] = Counter()
        targets = ["worker", "fetcher", "listener", "web", "postgres", "valkey", "dovecot", "catcher", "beat"]
        self.targets = [name for name in targets if stack.dovecot or name not in {"dovecot", "fetcher"}]

    def run(self, *, kills: int, seconds: float | None, fill_disks: bool) -> dict[str, str]:
        """So many kills, or as many as fit into the seconds; halfway the disks are full for a while.

        Gives what was done with each disk.
        """
        end = time.monotonic() + seconds if seconds else float("inf")
        done: dict[str, str] = {}
        for number, name in zip(range(kills), self._turns(), strict=False):
            if fill_disks and number == kills // 2:
                done = self._fill_disks()
            self.wait(self.chance.uniform(*PAUSE_SECONDS))
            self._wait_until_up(self.stack.programs["worker" if name == "fetcher" else name])
            if time.monotonic() > end:
                break
            self.counts[name] += 1
            self._kill(name)
        return done

    def _fill_disks(self) -> dict[str, str]:
        """A period in which each small disk is full; says for each what was done."""
        done = {}
        for name, disk in self.stack.disks.items():
            if not disk.is_mounted:
                done[name] = "left out: only root may mount a small disk"
                continue
            disk.fill()
            self.wait(FULL_SECONDS)
            disk.relieve()
            done[name] = f"a tmpfs, full for {FULL_SECONDS:.0f} s"
        return done

    def wait(self, seconds: float) -> None:
        """Let time pass while programs come back."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.busy()
            time.sleep(0.05)

    def wait_until(self, is_so: Callable[[], bool], *, most_seconds: float) -> None:
        """Let time pass until it is so, or for so long."""
        end = time.monotonic() + most_seconds
        while not is_so() and time.monotonic() < end:
            self.wait(0.1)

    def _turns(self) -> Iterator[str]:
        while True:
            self.chance.shuffle(self.targets)
            yield from self.targets

    def _kill(self, name: str) -> None:
        away = self.chance.uniform(*AWAY_SECONDS)
        programs = self.stack.programs
        if name in {"worker", "fetcher"}:
            self._wait_until_at_work(name)
        elif name in TAKES_FORMS:
            self._wait_until_form_comes(name)
        if name == "fetcher":
            programs["worker"].kill_children(most=POOL)
        elif name == "postgres" and self.chance.random() < 0.3:
            programs[name].kill_children(most=self.chance.randint(1, 3))  # the server restarts itself
        else:
            programs[name].kill(away_seconds=away)
            if name == "valkey" and self.chance.random() < 0.5:
                self.moments["valkey emptied"] += 1
                self.stack.empty_valkey()

    def _wait_until_up(self, program: Program) -> None:
        """What is still starting has nothing to lose: kill it at work; a hopeless one is killed, too."""
        self.wait_until(lambda: program.is_alive() and program.is_ready(), most_seconds=UP_SECONDS)

    def _wait_until_at_work(self, name: str) -> None:
        """Ring, and wait a little until a worker holds a mailbox or a mail, to kill it in the middle."""
        model = Mailbox if name == "fetcher" else self.chance.choice(AT_WORK_ON)
        self._wait_until_up(self.stack.programs["valkey"])  # nobody starts it again while we ring in vain
        end = time.monotonic() + AT_WORK_SECONDS
        with suppress(DatabaseError, InterfaceError):
            close_old_connections()
            _ring()
        while time.monotonic() < end:
            self.busy()
            with suppress(DatabaseError, InterfaceError):
                close_old_connections()
                if model._default_manager.filter(leased_until__gt=timezone.now()).exists():
                    self.moments[f"{name} at work on {model.__name__}"] += 1
                    return
            time.sleep(0.002)

    def _wait_until_form_comes(self, name: str) -> None:
        """Wait a little until a visitor's form is on its way, to kill in the middle of what comes of it."""
        end = time.monotonic() + AT_WORK_SECONDS
        while time.monotonic() < end:
            self.busy()
            if self.ledger.on_its_way:
                self.moments[f"{name} while a form came"] += 1
                time.sleep(self.chance.uniform(0, ON_ITS_WAY_SECONDS))
                return
            time.sleep(0.002)


def _ring() -> None:
    for task in settings.DRAINS:
        ring_now(task)
    for mailbox in Mailbox.objects.all():
        ring_now("mailgate.fetch", mailbox.pk)
