"""`make run`: every server of KVV under one supervisor, and one ready line.

It starts the database and the broker (unless DATABASE_URL and REDIS_URL name others), prepares the database,
then starts web, worker, beat, listener and catcher. What dies is started again, with growing patience. When
the supervisor goes, everything goes: in an orderly way on Ctrl-C and SIGTERM, by the kernel's death signal
when it was killed.
"""

import errno
import logging
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kvv.demo.logins import logins
from kvv.embedded.children import Command, start
from kvv.embedded.lock import take_lock
from kvv.embedded.places import BASE, find_place, make_private, var_folder
from kvv.embedded.ports import free_port, is_free
from kvv.embedded.postgres import Postgres, PostgresError
from kvv.embedded.valkey import Valkey
from kvv.environment import TRUE_WORDS

READY_SECONDS = 90
SERVICES_SECONDS = 5
SERVERS_SECONDS = 4
MADE_ONCE = ("SECRET_KEY", "KVV_SECRET_KEYS")
PATIENCE_MOST = 30
LOOK_SECONDS = 0.2
LOCAL_HOST = "127.0.0.1"
ANY_HOST = "0.0.0.0"  # noqa: S104  (compared with, never bound to by us)
# Whatever proxy the machine has for the world outside: our own address is asked without it.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))

logger = logging.getLogger("kvv")


class CannotRunError(Exception):
    """KVV can't be started; the text is one sentence for a person."""


@dataclass(slots=True)
class Child:
    """A program that is to run, and how it has been doing."""

    command: Command
    process: "subprocess.Popen[bytes]"
    deaths: int = 0
    started: float = field(default_factory=time.monotonic)
    again_at: float = 0.0


class Supervisor:
    """Starts, watches and stops the programs of one installation."""

    def __init__(self, *, var: Path) -> None:
        self.var = var
        self.servers: list[Child] = []
        self.services: list[Child] = []
        self.env = dict(os.environ)
        self.stopping = False
        self.lock: TextIO | None = None

    def run(self) -> int:
        """Run until told to stop; 0 then, 1 if KVV could not be started."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        try:
            self._prepare()
            self._start_services()
            self._announce()
            self._watch()
        except CannotRunError as error:
            print(error, flush=True)
            return 0 if self.stopping else 1
        except OSError as error:
            what = (
                "The disk is full"
                if error.errno == errno.ENOSPC
                else "The operating system refused something"
            )
            print(f"{what}: {error}. Mend that and start KVV again.", flush=True)
            return 1
        finally:
            self._stop()
        return 0

    def _prepare(self) -> None:
        """Everything up to a migrated database with a demo in it."""
        os.umask(0o077)  # what we and our children write is nobody else's to read
        self.var.mkdir(parents=True, exist_ok=True)
        self._hold_lock()
        make_private(self.var)
        (self.var / "static").mkdir(exist_ok=True)
        self._take_ports()
        self._start_servers()
        self._write_environment()
        self._manage("Preparing the database", "migrate", "--verbosity", "0")
        self._program("Building the translations", str(BASE / "scripts" / "messages.py"), "compile")
        if self._is_demo():
            self._manage("Loading the demo (only the first time)", "load_demo")
        else:
            self._manage("Gathering the files of the pages", "collectstatic", "--noinput", "--verbosity", "0")

    def _is_demo(self) -> bool:
        return self.env["KVV_DEMO"].strip().lower() in TRUE_WORDS

    def _hold_lock(self) -> None:
        try:
            self.lock = take_lock(self.var)
        except BlockingIOError as error:
            raise CannotRunError("KVV is running already from this folder: stop that one first.") from error

    def _take_ports(self) -> None:
        """Say at once which port is taken; the catcher's port is nobody's business and may be any."""
        self.env.setdefault("KVV_PORT", "8000")
        self.env.setdefault("KVV_MAIL_PORT", "2525")
        for name in ("KVV_PORT", "KVV_MAIL_PORT"):
            if not self.env[name].isdigit() or not 0 < int(self.env[name]) < 65536:
                raise CannotRunError(f"{name} is '{self.env[name]}': use a number from 1 to 65535.")
            if not is_free(int(self.env[name])):
                raise CannotRunError(
                    f"Port {self.env[name]} is in use: stop what uses it, or choose another with {name}=…"
                )
        if "KVV_CATCHER_PORT" not in self.env:
            known = _kept(self.var / "run.env").get("KVV_CATCHER_PORT", "2526")
            self.env["KVV_CATCHER_PORT"] = known if is_free(int(known)) else str(free_port())

    def _start_servers(self) -> None:
        place = None
        if "DATABASE_URL" not in self.env:
            place = find_place(var=self.var)
            postgres = Postgres(place=place)
            _say("Starting PostgreSQL")
            try:
                postgres.prepare()
            except PostgresError as error:
                raise CannotRunError(f"PostgreSQL's data could not be made: {error}") from error
            self._start_server(postgres.command(), postgres.is_ready, log=postgres.command().log)
            postgres.ensure_database()
            self.env["DATABASE_URL"] = postgres.url()
        if "REDIS_URL" not in self.env:
            valkey = Valkey(place=place or find_place(var=self.var), data=self.var / "valkey")
            _say("Starting Valkey")
            valkey.prepare()
            self._start_server(valkey.command(), valkey.is_ready, log=valkey.command().log)
            self.env["REDIS_URL"] = valkey.url

    def _start_server(self, command: Command, is_ready: Callable[[], bool], *, log: Path | None) -> None:
        """Start a server and wait for it; one that is still going down from last time is waited for too."""
        child = Child(command, start(command))
        self.servers.append(child)
        end = time.monotonic() + READY_SECONDS
        while not is_ready():
            self._give_up_if_asked()
            if time.monotonic() > end:
                raise CannotRunError(f"{command.name} did not start within {READY_SECONDS} s: see {log}.")
            if child.process.poll() is not None:
                time.sleep(0.5)
                child.process = start(command)
            time.sleep(0.05)

    def _write_environment(self) -> None:
        """Leave the addresses where `manage.py` in another terminal finds them."""
        file = self.var / "run.env"
        kept = _kept(file)
        for name in MADE_ONCE:
            self.env.setdefault(name, kept.get(name) or secrets.token_urlsafe(48))
        self.env.setdefault("KVV_DEMO", "1")
        self.env.setdefault("KVV_BASE_URL", f"http://localhost:{self.env['KVV_PORT']}")
        self.env["KVV_VAR"] = str(self.var)
        names = ("DATABASE_URL", "REDIS_URL", "KVV_DEMO", "KVV_BASE_URL", "KVV_MAIL_PORT", "KVV_CATCHER_PORT")
        lines = [f"{name}={self.env[name]}" for name in (*MADE_ONCE, *names)]
        half = file.with_suffix(".part")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
            new.write("# What `make run` started; written afresh at each start.\n" + "\n".join(lines) + "\n")
        half.rename(file)

    def _manage(self, what: str, *arguments: str) -> None:
        self._program(what, str(BASE / "manage.py"), *arguments)

    def _program(self, what: str, *arguments: str) -> None:
        """Run a step to its end; what it says is shown only if it fails."""
        _say(what)
        command = Command(
            name=what, argv=[sys.executable, *arguments], env=self.env, cwd=BASE, log=self.var / "start.log"
        )
        process = start(command)
        while process.poll() is None:
            self._give_up_if_asked(process)
            time.sleep(0.05)
        if process.returncode:
            lines = (
                (self.var / "start.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            )
            last = lines[-1].removeprefix("CommandError: ").removesuffix(".") if lines else "it said nothing"
            raise CannotRunError(f"{what} failed: {last} (all of it is in {self.var / 'start.log'}).")

    def _give_up_if_asked(self, process: "subprocess.Popen[bytes] | None" = None) -> None:
        if self.stopping:
            if process is not None:
                process.terminate()
            raise CannotRunError("Stopped.")

    def _start_services(self) -> None:
        _say("Starting web, worker, beat and mail")
        for name, arguments in self.service_arguments().items():
            command = Command(name=name, argv=[sys.executable, *arguments], env=self.env, cwd=BASE)
            self.services.append(Child(command, start(command)))

    def service_arguments(self) -> dict[str, list[str]]:
        """Name → what Python is to run, for each program that is no server."""
        manage, schedule = str(BASE / "manage.py"), str(self.var / "beat")
        celery = ["-m", "celery", "--quiet", "-A", "kvv.celery"]
        services = {
            "web": [
                *("-m", "gunicorn", "kvv.wsgi", "--worker-class=gthread", "--workers=2", "--threads=4"),
                *(f"--bind={self.env.get('KVV_HOST', LOCAL_HOST)}:{self.env['KVV_PORT']}",),
                *("--graceful-timeout=4", "--log-level=warning"),
            ],
            "worker": [*celery, "worker", "--concurrency=2", "--loglevel=WARNING", "--without-gossip"],
            "beat": [*celery, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=WARNING"],
            "listener": [manage, "listen"],
        }
        if self._is_demo():
            services["catcher"] = [manage, "catch_mail"]
        return services

    def _announce(self) -> None:
        """The ready line, once all of it answers."""
        host = self.env.get("KVV_HOST", LOCAL_HOST)
        address = f"http://{LOCAL_HOST if host == ANY_HOST else host}:{self.env['KVV_PORT']}"
        end = time.monotonic() + READY_SECONDS
        while not _is_well(f"{address}/healthz"):
            self._give_up_if_asked()
            self._look_after_children()
            if time.monotonic() > end:
                raise CannotRunError(
                    f"KVV did not become healthy within {READY_SECONDS} s: see the lines above."
                )
            time.sleep(LOOK_SECONDS)
        who = f" · logins {logins()}" if self._is_demo() else ""
        print(
            f"KVV is ready: {self.env['KVV_BASE_URL']}{who} · mail in on port {self.env['KVV_MAIL_PORT']}",
            flush=True,
        )

    def _watch(self) -> None:
        while not self.stopping:
            self._look_after_children()
            time.sleep(LOOK_SECONDS)

    def _look_after_children(self) -> None:
        """Start again what has died, after 1, 2, 4 … 30 s; what ran for a minute is forgiven."""
        for child in (*self.servers, *self.services):
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            if not child.again_at:
                child.deaths = 1 if now - child.started > 60 else child.deaths + 1
                wait = min(PATIENCE_MOST, 2 ** (child.deaths - 1))
                child.again_at = now + wait
                how = child.process.returncode
                logger.warning("%s ended (%s); it is started again in %s s", child.command.name, how, wait)
            elif now >= child.again_at:
                child.process = start(child.command)
                child.started, child.again_at = now, 0.0
                logger.warning("%s is started again", child.command.name)

    def _stop_asked(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _stop(self) -> None:
        """Services first, then the servers they need; what does not go is killed."""
        _end(self.services, seconds=SERVICES_SECONDS)
        _end(self.servers, seconds=SERVERS_SECONDS)


def _end(children: list[Child], *, seconds: float) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(child.command.stop_signal)
    end = time.monotonic() + seconds
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.0, end - time.monotonic()))
        if child.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def _say(what: str) -> None:
    print(f"{what} …", flush=True)


def _kept(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _is_well(address: str) -> bool:
    try:
        with DIRECTLY.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """What `python -m kvv.embedded.supervisor` does."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.INFO)
    return Supervisor(var=var_folder()).run()


if __name__ == "__main__":
    sys.exit(main())
