"""The embedded PostgreSQL: its data made once, its server our own child, on a unix socket only."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2

from kvv.embedded.children import Command, clean_environment
from kvv.embedded.places import Place

USER = "kvv"
DATABASE = "kvv"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """PostgreSQL could not be made or reached; the message says why."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded PostgreSQL. `durable` false (tests only) trades safety for speed."""

    place: Place
    durable: bool = True

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.place.home / "postgres"

    def url(self, database: str = DATABASE) -> str:
        """What DATABASE_URL says to reach it."""
        return f"postgres://{USER}@{quote(str(self.place.sockets), safe='')}/{database}"

    def prepare(self) -> None:
        """Make the data folder, once; a folder half made by a start that was killed is made again."""
        if (self.data / "PG_VERSION").is_file() and (self.data / "global" / "pg_control").is_file():
            return
        argv = [str(self.place.postgres_bin / "initdb"), "-D", str(self.data), "-U", USER, "-E", "UTF8"]
        argv += ["--locale-provider=builtin", "--locale=C.UTF-8", "--auth=trust", "--no-instructions"]
        if not self.durable:
            argv.append("--no-sync")
        done = subprocess.run(  # noqa: S603  (our own server's own program)
            argv,
            env=clean_environment(),
            cwd=self.place.home,
            user=self.place.uid,
            group=self.place.gid,
            extra_groups=[] if self.place.uid is not None else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresError(f"initdb failed: {done.stderr.strip()[-500:]}")

    def command(self) -> Command:
        """How to start it; a fast shutdown (SIGINT) stops it, whoever is connected."""
        settings = SETTINGS | ({} if self.durable else UNSAFE_BUT_FAST)
        argv = [
            str(self.place.postgres_bin / "postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.place.sockets),
        ]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return Command(
            name="postgres",
            argv=argv,
            env=clean_environment(),
            stop_signal=signal.SIGINT,
            uid=self.place.uid,
            gid=self.place.gid,
            cwd=self.place.home,
            log=self.place.home / "postgres.log",
        )

    def is_ready(self) -> bool:
        """Whether it takes connections now."""
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self, name: str = DATABASE) -> None:
        """Make the database, once."""
        connection = self._connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.place.sockets), user=USER, dbname="postgres", connect_timeout=2)
