"""Fetch a mailbox until nothing is left, in a process of its own, and say what that needed.

`python -m tests.mailgate.mailbox.fetch_alone ID` prints the number of mails and by how many MB memory grew at
most.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.database import database_url


def fetch_alone(mailbox_id: int) -> tuple[int, int]:
    """Mails kept, and the growth of resident memory at its peak, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.mailgate.mailbox.fetch_alone", str(mailbox_id)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        check=True,
    )
    kept, grown = done.stdout.split()
    return int(kept), int(grown)


def main() -> None:
    """The other process."""
    import django  # noqa: PLC0415  (Django is loaded once the settings are named)

    os.environ["DJANGO_SETTINGS_MODULE"] = "kvv.settings"
    django.setup()
    from mailgate.mailbox.fetch import fetch_mailbox  # noqa: PLC0415  (as above)

    before, kept = _memory("VmRSS"), 0
    while fetched := fetch_mailbox(int(sys.argv[1])):
        kept += fetched
    print(kept, _memory("VmHWM") - before)  # noqa: T201  (it speaks to the test)


def _memory(name: str) -> int:
    """A figure of this process, in MB."""
    found = re.search(
        rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE
    )
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
