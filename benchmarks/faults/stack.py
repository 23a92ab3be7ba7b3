"""The whole of KVV in a folder of its own: the programs of `make run`, and a Dovecot where there is one."""

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from benchmarks.faults.disks import Disk
from benchmarks.faults.programs import Program
from benchmarks.servers import environment
from kvv.embedded.children import Command, clean_environment
from kvv.embedded.places import find_place
from kvv.embedded.ports import free_port
from kvv.embedded.postgres import Postgres
from kvv.embedded.services import service_arguments
from kvv.embedded.valkey import Valkey
from tests.dovecot import Dovecot

BASE = Path(__file__).resolve().parent.parent.parent
DATABASE_DISK_BYTES = 1_500_000_000
CATCHER_DISK_BYTES = 64_000_000
READY_SECONDS = 240
LEASE_SECONDS = "2"
HAND_OVER_SECONDS = "5"
ANSWERS_AN_HOUR = "1000000"


class Stack:
    """Programs by name: postgres, valkey, dovecot (perhaps), web, worker, beat, listener, catcher."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kvv-faults-"))
        self.folder.chmod(0o711)
        self.outbox = self.folder / "outbox"
        self.disks = {
            "postgres": Disk(self.folder / "servers", size=DATABASE_DISK_BYTES, owner="nobody"),
            "catcher": Disk(self.outbox, size=CATCHER_DISK_BYTES),
        }
        place = find_place(var=self.folder)
        self.postgres = Postgres(place=place)
        self.valkey = Valkey(place=place, data=self.folder / "valkey")
        self.dovecot = Dovecot() if Dovecot.program() else None
        self.ports = {name: free_port() for name in ("web", "listener", "catcher")}
        self.programs: dict[str, Program] = {}

    def start_servers(self) -> None:
        """Start what KVV needs, and set the environment for it and for us."""
        self.postgres.prepare()
        self.valkey.prepare()
        (self.folder / "static").mkdir()
        self._add(Program(self.postgres.command(), is_ready=self.postgres.is_ready))
        self._add(Program(self.valkey.command(), is_ready=self.valkey.is_ready))
        if self.dovecot is not None:
            self.dovecot.prepare()
            command = Command(name="dovecot", argv=self.dovecot.argv, env=clean_environment())
            port = self.dovecot.port
            self._add(Program(command, is_ready=lambda: answers(port)))
        self.wait_until_ready()
        self.postgres.ensure_database()
        os.environ |= environment(database=self.postgres.url(), broker=self.valkey.url, var=self.folder) | {
            "KVV_DEMO": "1",
            "KVV_PORT": str(self.ports["web"]),
            "KVV_MAIL_PORT": str(self.ports["listener"]),
            "KVV_CATCHER_PORT": str(self.ports["catcher"]),
            "KVV_BASE_URL": f"http://127.0.0.1:{self.ports['web']}",
            "KVV_CLAIM_LEASE_SECONDS": LEASE_SECONDS,
            "KVV_SEND_LEASE_SECONDS": HAND_OVER_SECONDS,
            "KVV_MAILBOX_LEASE_SECONDS": HAND_OVER_SECONDS,
            "KVV_AUTO_RESPONSES_PER_HOUR": ANSWERS_AN_HOUR,
        }

    def start_services(self) -> None:
        """Start KVV's own programs; the database must be ready for them."""
        services = service_arguments(env=os.environ, var=self.folder)
        for name, arguments in services.items():
            log = self.folder / f"{name}.log"
            command = Command(
                name=name, argv=[sys.executable, *arguments], env=dict(os.environ), cwd=BASE, log=log
            )
            program = Program(command)
            program.is_ready = self._readiness(program)
            self._add(program)
        self.wait_until_ready()

    def look_after(self) -> None:
        """Start again what is due."""
        for program in self.programs.values():
            program.look_after()

    def wait_until_ready(self) -> None:
        """Wait until every program answers, starting again what ended; raises `RuntimeError`."""
        end = time.monotonic() + READY_SECONDS
        while waiting := [
            program.name
            for program in self.programs.values()
            if not (program.is_alive() and program.is_ready())
        ]:
            if time.monotonic() > end:
                raise RuntimeError(f"Not ready within {READY_SECONDS} s: {', '.join(waiting)}.")
            self.look_after()
            time.sleep(0.1)

    def empty_valkey(self) -> None:
        """Forget all that the broker kept, as after a machine was replaced."""
        shutil.rmtree(self.valkey.data / "appendonlydir", ignore_errors=True)

    def stop(self) -> None:
        """End everything and leave nothing behind."""
        for name in sorted(self.programs, key=lambda name: name in {"postgres", "valkey"}):
            self.programs[name].stop()
        for disk in self.disks.values():
            disk.unmount()
        with suppress(OSError):
            shutil.rmtree(self.folder)
        if self.dovecot is not None:
            self.dovecot.stop()

    def _readiness(self, program: Program) -> Callable[[], bool]:
        """How to see that it works: its port answers, or it has children; beat shows nothing."""
        if port := self.ports.get(program.name):
            return partial(answers, port)
        return program.has_children if program.name == "worker" else program.is_alive

    def _add(self, program: Program) -> None:
        self.programs[program.name] = program
        program.start()


def answers(port: int) -> bool:
    """Whether something takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
