"""The private PostgreSQL and Valkey of a test run: started before Django reads its settings.

Once a run: by the suite for all its parts, or by pytest where it is run by itself. Whoever starts them is the
parent of the servers, which stop when it ends, however it ends.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kvv.embedded.children import start
from kvv.embedded.places import find_place
from kvv.embedded.postgres import Postgres
from kvv.embedded.valkey import Valkey
from tests.database import drop_template

GIVEN = "KVV_TEST_SERVERS"
"""Set in the environment of all that finds its servers started: a part of the suite, a worker of xdist."""
SECRET = "a secret for the tests only, of no use to anybody"
SECRET_TO_SEAL_WITH = "another secret for the tests only"
START_SECONDS = 60


class Servers:
    """What a test run needs; where DATABASE_URL and REDIS_URL name servers, those are used."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kvv-tests-"))
        self.folder.chmod(0o711)  # as root, PostgreSQL runs as nobody and must get to its own folder
        self.children: list[subprocess.Popen[bytes]] = []
        self.has_own_database = "DATABASE_URL" not in os.environ

    def start(self) -> None:
        """Start what is not named by the environment, and name it there."""
        os.environ[GIVEN] = "1"
        place = find_place(var=self.folder)
        os.environ["KVV_VAR"] = str(self.folder)
        os.environ.setdefault("SECRET_KEY", SECRET)
        os.environ.setdefault("KVV_SECRET_KEYS", SECRET_TO_SEAL_WITH)
        os.environ["KVV_DEMO"] = "1"  # static files come from their folders, and the demo is tested too
        (self.folder / "static").mkdir(exist_ok=True)
        if self.has_own_database:
            postgres = Postgres(place=place, durable=False)
            postgres.prepare()
            self.children.append(start(postgres.command()))
            _wait(postgres.is_ready, what="PostgreSQL")
            postgres.ensure_database()
            os.environ["DATABASE_URL"] = postgres.url()
        if "REDIS_URL" not in os.environ:
            valkey = Valkey(place=place, data=self.folder / "valkey", durable=False)
            valkey.prepare()
            self.children.append(start(valkey.command()))
            _wait(valkey.is_ready, what="Valkey")
            os.environ["REDIS_URL"] = valkey.url

    def stop(self) -> None:
        """Stop them and forget their data; of a server that is somebody else's only the template goes."""
        if not self.has_own_database:
            drop_template()
        for child in self.children:
            child.send_signal(signal.SIGINT)  # a fast shutdown for both
        for child in self.children:
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def use_own_broker(*, worker: str) -> None:
    """Give a worker of xdist ('gw1') a numbered part of the shared broker that is its own."""
    if os.environ["REDIS_URL"].startswith("redis+socket://"):
        os.environ["REDIS_URL"] += f"?virtual_host={1 + int(worker.removeprefix('gw')) % 15}"


def _wait(is_ready: Callable[[], bool], *, what: str) -> None:
    """Wait for a server that has just been started."""
    end = time.monotonic() + START_SECONDS
    while not is_ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not start within {START_SECONDS} s.")
        time.sleep(0.05)
