"""How many mails a second become tickets: from raw bytes, the raw message committed first, to the commit."""

import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.mails import (
    BATCH,
    Keep,
    Way,
    as_listener,
    as_mailbox,
    html,
    plain,
    through,
    through_and_answered,
)
from kvv.celery import app
from tickets.kinds import CONSUMERS, EventKind
from tickets.models import EventTask

WARM, MEASURED = 20, 300

Figures = dict[str, float]


def measure_ingest() -> dict[str, Figures]:
    """Mails a second, and statements a mail, of the whole way, BEGIN, COMMIT and savepoints included.

    Every queue answers new questions by itself. `plain` and `html` (10 KB) come as from a mailbox, and end
    with the ticket and the row that asks for its answer; `answered` is plain mail with the answer made, too;
    `listener` is plain mail with a commit for each raw message; `two_workers` are two processes side by side
    with plain mail, `times_one` how many times as fast as one of them alone. `four_consumers` is plain mail
    whose event has one more consumer, which nobody works off.
    """
    answered = _measure(plain, keep=as_mailbox, way=through_and_answered)
    alone, together = _workers(1), _workers(2)
    return {
        "plain": _measure(plain, keep=as_mailbox),
        "html": _measure(html, keep=as_mailbox),
        "answered": answered,
        "four_consumers": _with_idle_consumers(1),
        "listener": _measure(plain, keep=as_listener),
        "two_workers": {"mails_per_s": round(together, 1), "times_one": round(together / alone, 2)},
    }


def _measure(make: Callable[[int], bytes], *, keep: Keep, way: Way = through) -> Figures:
    way([make(n) for n in range(WARM)], keep=keep)
    mails = [make(n) for n in range(MEASURED)]
    began = time.perf_counter()
    way(mails, keep=keep)
    taken = time.perf_counter() - began
    with CaptureQueriesContext(connection) as queries:
        way([make(n) for n in range(BATCH)], keep=keep)
    return {
        "mails_per_s": round(MEASURED / taken, 1),
        "queries_per_mail": round(len(queries) / BATCH, 1),
    }


def _with_idle_consumers(count: int) -> Figures:
    """Plain mail whose event has a task more for each of so many consumers that only this benchmark names.

    What they would have done is gone afterwards, and so is what rings for it: no worker knows them.
    """
    names = [f"idle{n}" for n in range(count)]
    tasks, consumers = settings.EVENT_CONSUMERS, CONSUMERS[EventKind.CREATED]
    settings.EVENT_CONSUMERS = tasks | dict.fromkeys(names, "benchmarks.idle")
    CONSUMERS[EventKind.CREATED] = (*consumers, *names)
    try:
        return _measure(plain, keep=as_mailbox)
    finally:
        settings.EVENT_CONSUMERS, CONSUMERS[EventKind.CREATED] = tasks, consumers
        EventTask.objects.filter(consumer__in=names).delete()
        app.control.purge()


def _workers(count: int) -> float:
    """Mails a second of so many processes together, each with 300 mails of its own."""
    command = [sys.executable, "-m", "benchmarks.worker", str(WARM), str(MEASURED)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _worker in range(count)
    ]
    _each_says(workers, "ready")
    began = time.perf_counter()
    for worker in workers:
        print("go", file=worker.stdin, flush=True)
    _each_says(workers, "done")
    taken = time.perf_counter() - began
    for worker in workers:
        worker.communicate()
    return count * MEASURED / taken


def _each_says(workers: list["subprocess.Popen[str]"], word: str) -> None:
    for worker in workers:
        if worker.stdout is None or worker.stdout.readline().strip() != word:
            raise SystemExit("a worker of the benchmark has failed")
