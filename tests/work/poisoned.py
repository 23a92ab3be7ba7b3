"""A worker in a process of its own, which one row of work kills.

`python -m tests.work.poisoned KIND ID` works off one kind of row; at the row with this id the process kills
itself, as a machine without memory would.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from django.conf import settings

from tests.database import database_url


def work_off_alone(kind: str, poison: int) -> int:
    """How such a worker ended: 0, or minus the signal that killed it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.work.poisoned", kind, str(poison)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        check=False,
    ).returncode


def _die_at(poison: int) -> Callable[[int], None]:
    def work(row_id: int) -> None:
        if row_id == poison:
            os.kill(os.getpid(), signal.SIGKILL)

    return work


def _events(die_at: Callable[[int], None]) -> None:
    from tickets.kinds import AUTORESPONSE  # noqa: PLC0415  (as above)
    from tickets.reactions import work_off  # noqa: PLC0415  (Django is loaded by now)

    work_off(AUTORESPONSE, prepare=lambda _events: nullcontext(lambda event: die_at(event.pk)))


def _outbox(die_at: Callable[[int], None]) -> None:
    from blobs.spool import Data  # noqa: PLC0415  (as above)
    from blobs.store import spooled  # noqa: PLC0415  (as above)
    from outbox import send  # noqa: PLC0415  (as above)

    def read_or_die(blob_id: int) -> Data:
        die_at(blob_id)
        return spooled(blob_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(send, "spooled", read_or_die)
        send.send_due()


def _inbound(die_at: Callable[[int], None]) -> None:
    from mailgate.delivery import deliver  # noqa: PLC0415  (as above)
    from mailgate.delivery.articles import article_of  # noqa: PLC0415  (as above)
    from mailgate.tasks import deliver_waiting  # noqa: PLC0415  (as above)

    def write_or_die(plan: Any, **values: Any) -> Any:
        die_at(plan.row.pk)
        return article_of(plan, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "article_of", write_or_die)
        deliver_waiting()


def _bulks(die_at: Callable[[int], None]) -> None:
    """It dies with all done, just before that is committed."""
    from tickets import bulk_work  # noqa: PLC0415  (as above)
    from tickets.actions.bulk import change_ticket  # noqa: PLC0415  (as above)

    def change_and_die(**given: Any) -> Any:
        done = change_ticket(**given)
        die_at(done.ticket.pk)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_work, "change_ticket", change_and_die)
        bulk_work.work_off()


def _exports(die_at: Callable[[int], None]) -> None:
    """It dies with the file made, just before that is kept."""
    from search import export_work  # noqa: PLC0415  (as above)
    from search.models import Export  # noqa: PLC0415  (as above)

    def die_before(spools: object) -> None:
        for export in Export.objects.filter(state=Export.CLAIMED):
            die_at(export.pk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_work, "store_many", die_before)
        export_work.work_off()


KINDS = {"bulks": _bulks, "events": _events, "outbox": _outbox, "inbound": _inbound, "exports": _exports}


def main() -> None:
    """The other process."""
    import django  # noqa: PLC0415  (Django is loaded once the settings are named)

    os.environ["DJANGO_SETTINGS_MODULE"] = "kvv.settings"
    django.setup()
    KINDS[sys.argv[1]](_die_at(int(sys.argv[2])))


if __name__ == "__main__":
    main()
