"""A worker in a process of its own, which one row of work kills.

It works off one kind of row; at the row of one id the process kills itself, as a machine without memory
would. KVV is loaded once, by a process that each of them is forked from.
"""

import os
import signal
from collections.abc import Callable
from contextlib import nullcontext
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connection

from blobs.spool import Data
from blobs.store import spooled
from mailgate.delivery import deliver
from mailgate.delivery.articles import article_of
from mailgate.tasks import deliver_waiting
from outbox import send
from search import export_work
from search.models import Export
from tickets import bulk_work
from tickets.actions.bulk import change_ticket
from tickets.kinds import AUTORESPONSE
from tickets.reactions import work_off

LOADED_FIRST = ["tests.work.loaded", "tests.work.poisoned"]


def work_off_alone(kind: str, poison: int) -> int | None:
    """How such a worker ended: 0, or minus the signal that killed it."""
    processes = get_context("forkserver")
    processes.set_forkserver_preload(LOADED_FIRST)
    worker = processes.Process(target=_work, args=(kind, poison, connection.settings_dict["NAME"]))
    worker.start()
    worker.join()
    return worker.exitcode


def _die_at(poison: int) -> Callable[[int], None]:
    def work(row_id: int) -> None:
        if row_id == poison:
            os.kill(os.getpid(), signal.SIGKILL)

    return work


def _events(die_at: Callable[[int], None]) -> None:
    work_off(AUTORESPONSE, prepare=lambda _events: nullcontext(lambda event: die_at(event.pk)))


def _outbox(die_at: Callable[[int], None]) -> None:
    def read_or_die(blob_id: int) -> Data:
        die_at(blob_id)
        return spooled(blob_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(send, "spooled", read_or_die)
        send.send_due()


def _inbound(die_at: Callable[[int], None]) -> None:
    def write_or_die(plan: Any, **values: Any) -> Any:
        die_at(plan.row.pk)
        return article_of(plan, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "article_of", write_or_die)
        deliver_waiting()


def _bulks(die_at: Callable[[int], None]) -> None:
    """It dies with all done, just before that is committed."""

    def change_and_die(**given: Any) -> Any:
        done = change_ticket(**given)
        die_at(done.ticket.pk)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_work, "change_ticket", change_and_die)
        bulk_work.work_off()


def _exports(die_at: Callable[[int], None]) -> None:
    """It dies with the file made, just before that is kept."""

    def die_before(spools: object) -> None:
        for export in Export.objects.filter(state=Export.CLAIMED):
            die_at(export.pk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_work, "store_many", die_before)
        export_work.work_off()


KINDS = {"bulks": _bulks, "events": _events, "outbox": _outbox, "inbound": _inbound, "exports": _exports}


def _work(kind: str, poison: int, database: str) -> None:
    """The other process, on the database of the test."""
    connection.settings_dict["NAME"] = database
    KINDS[kind](_die_at(poison))
