"""Reading one mail in a child process of its own, with little memory and little time.

A mail that twice took its worker down with it (or just failed) is read this way from the third time on: then
nothing but the child can be harmed. `python -m mailgate.reading.alone` is the child: the mail on standard
input, the parsed mail, its cleaned HTML and what it says as a report, pickled, on standard output.
"""

import io
import pickle
import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from mailgate.parse import ParsedMail, UnreadableMail, parse_mail
from mailgate.parse.findings import Findings, find
from richtext.clean import clean_html

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10
# The ten seconds are those of the processor; a busy machine takes longer for them.
WAIT = timedelta(seconds=60)
UNREADABLE = 3


Read = tuple[ParsedMail, str, Findings]


def read_alone(raw: bytes) -> Read:
    """The mail, its safe HTML, and itself read as a report, all made in a child.

    `UnreadableMail` when the child says so, dies or is too slow.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "mailgate.reading.alone"],
            input=raw,
            capture_output=True,
            timeout=WAIT.total_seconds(),
            cwd=Path(__file__).resolve().parent.parent.parent,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableMail(f"Reading it takes more than {SECONDS} s.") from error
    if child.returncode:
        lines = child.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableMail(lines[-1] if lines else f"Reading it ended with {child.returncode}.")
    return _load(child.stdout)


MODULES = {"mailgate.parse.parsed", "mailgate.parse.reports", "mailgate.parse.findings", "datetime"}


class _Plain(pickle.Unpickler):
    """Takes only what a parsed mail is made of."""

    def find_class(self, module: str, name: str) -> Any:
        if module in MODULES and "." not in name:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a mail.")


def _load(data: bytes) -> Read:
    mail, html, found = _Plain(io.BytesIO(data)).load()
    if not (isinstance(mail, ParsedMail) and isinstance(html, str) and isinstance(found, Findings)):
        raise UnreadableMail("Reading it gave no mail.")
    return mail, html, found


def main() -> int:
    """The child: 0 with the mail, 3 with the reason why it can't be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        raw = sys.stdin.buffer.read()
        mail = parse_mail(raw)
        html = clean_html(mail.html) if mail.html else ""
        found = find(mail, raw=raw)
    except UnreadableMail as error:
        sys.stderr.write(str(error))
        return UNREADABLE
    sys.stdout.buffer.write(pickle.dumps((mail, html, found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
