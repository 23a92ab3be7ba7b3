"""The embedded PostgreSQL: its data made once, its server our own child, on a unix socket only.

It lets in only the user who started it, by what the kernel says of who is at the other end (`peer`).
"""

import os
import pwd
import shutil
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
HOST_BASED = f"# Written at each start.\nlocal all {USER} peer map=kvv\n"
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

    @property
    def is_made(self) -> bool:
        """Whether its data folder is there, and whole."""
        return all((self.data / name).is_file() for name in ("PG_VERSION", "global/pg_control"))

    def prepare(self) -> None:
        """Make the data folder, once, and say who is let in."""
        if not self.is_made:
            self._make_data()
        owner = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_hba.conf", HOST_BASED)
        self._write("pg_ident.conf", f'# Written at each start.\nkvv "{owner}" {USER}\n')

    def _make_data(self) -> None:
        """Make it beside its place, so that a start that is killed leaves none that is half made.

        `initdb` runs only as a user with a name: as root that is `nobody`, in a folder that no other process
        of nobody's gets to, for it is our group that does.
        """
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self.place.uid is None or self.place.gid is None:
            self._initdb(new, user=None)
        else:
            nobody = pwd.getpwnam("nobody").pw_uid
            self.place.home.chmod(0o710)
            os.chown(new, nobody, self.place.gid)
            self._initdb(new, user=nobody)
            for path in (new, *new.rglob("*")):
                os.chown(path, self.place.uid, self.place.gid, follow_symlinks=False)
            self.place.home.chmod(0o700)
        shutil.rmtree(self.data, ignore_errors=True)
        new.rename(self.data)

    def _initdb(self, folder: Path, *, user: int | None) -> None:
        argv = [str(self.place.postgres_bin / "initdb"), "-D", str(folder), "-U", USER, "-E", "UTF8"]
        argv += ["--locale-provider=builtin", "--locale=C.UTF-8", "--auth=reject", "--no-instructions"]
        if not self.durable:
            argv.append("--no-sync")
        done = subprocess.run(  # noqa: S603  (our own server's own program)
            argv,
            env=clean_environment(),
            cwd=folder,
            user=user,
            group=self.place.gid,
            extra_groups=[] if user is not None else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PostgresError(f"initdb failed: {done.stderr.strip()[-500:]}")

    def _write(self, name: str, text: str) -> None:
        """One of the server's own files of settings."""
        half = self.data / f"{name}.part"
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        if self.place.uid is not None and self.place.gid is not None:
            os.chown(half, self.place.uid, self.place.gid)
        half.replace(self.data / name)

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
