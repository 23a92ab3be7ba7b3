"""PostgreSQL and Valkey of a benchmark's own, in a folder that is gone afterwards."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kvv.embedded.children import start
from kvv.embedded.places import find_place
from kvv.embedded.postgres import Postgres
from kvv.embedded.valkey import Valkey

SECRET = "a secret for the benchmark only: of no use to anybody"


@contextmanager
def private_servers(*, name: str, durable: bool = True) -> Iterator[Path]:
    """Start both, name them in the environment as Django's settings want them, and give the folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"kvv-{name}-"))
    folder.chmod(0o711)
    place = find_place(var=folder)
    postgres = Postgres(place=place, durable=durable)
    valkey = Valkey(place=place, data=folder / "valkey", durable=False)
    postgres.prepare()
    valkey.prepare()
    commands = [postgres.command(), valkey.command()]
    children = [start(command) for command in commands]
    try:
        while not (postgres.is_ready() and valkey.is_ready()):
            time.sleep(0.05)
        postgres.ensure_database()
        os.environ |= environment(database=postgres.url(), broker=valkey.url, var=folder)
        yield folder
    finally:
        for command, child in zip(commands, children, strict=True):
            child.send_signal(command.stop_signal)
            child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def environment(*, database: str, broker: str, var: Path) -> dict[str, str]:
    """The settings of an installation that nobody but a benchmark uses."""
    return {
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": SECRET,
        "KVV_SECRET_KEYS": SECRET,
        "KVV_VAR": str(var),
        "KVV_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "kvv.settings",
    }
