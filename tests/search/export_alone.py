"""Export what an agent may see, as each kind, in a process of its own, and say how much memory that took.

`python -m tests.search.export_alone AGENT` prints the number of rows of the CSV, and by how many MB memory
grew at most while all three were made, after one of each with few rows.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.database import database_url

FEW, ALL = "priority=5", "state_type=open&state_type=closed"


def export_alone(agent_id: int) -> tuple[int, int]:
    """Rows of the CSV without its headings, and the growth of resident memory at its peak, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.export_alone", str(agent_id)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        check=True,
    )
    rows, grown = done.stdout.split()
    return int(rows), int(grown)


def main() -> None:
    """The other process."""
    import django  # noqa: PLC0415  (Django is loaded once the settings are named)

    os.environ["DJANGO_SETTINGS_MODULE"] = "kvv.settings"
    django.setup()
    _lines(int(sys.argv[1]), FEW)
    before = _memory("VmRSS")
    rows = _lines(int(sys.argv[1]), ALL)
    print(rows - 1, _memory("VmHWM") - before)  # noqa: T201  (it speaks to the test)


def _lines(agent_id: int, query: str) -> int:
    """Make one of each kind; the lines of the CSV."""
    from django.http import QueryDict  # noqa: PLC0415  (as above)

    from accounts.models import Agent  # noqa: PLC0415  (as above)
    from search.export_files import csv_of  # noqa: PLC0415  (as above)
    from search.export_work import work_off  # noqa: PLC0415  (as above)
    from search.exporting import which_of  # noqa: PLC0415  (as above)
    from search.models import Export  # noqa: PLC0415  (as above)
    from tests.factories import actor  # noqa: PLC0415  (as above)
    from tests.search.exported import asked_for  # noqa: PLC0415  (as above)

    agent = Agent.objects.get(pk=agent_id)
    for kind in Export.Kind:
        asked_for(agent, query, kind=kind)
    work_off()
    which = which_of(QueryDict(query), actor=actor(agent))
    return sum(piece.count(b"\r\n") for piece in csv_of(which, language="nl"))


def _memory(name: str) -> int:
    """A figure of this process, in MB."""
    found = re.search(
        rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE
    )
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
