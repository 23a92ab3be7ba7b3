"""`make run`: every server of KVV under one supervisor, and at the end what somebody needs to begin.

It starts the database and the broker (unless DATABASE_URL and REDIS_URL name others), prepares the database,
then starts web, worker, beat, listener and catcher, each with a log of its own. What dies is started again,
with growing patience. When the supervisor goes, everything goes: in an orderly way on Ctrl-C, SIGTERM and a
closed terminal, by the kernel's death signal when it was killed.
"""

import errno
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from kvv.embedded.announcement import announcement
from kvv.embedded.children import Command, start
from kvv.embedded.lock import take_lock
from kvv.embedded.logs import Log, log_folder
from kvv.embedded.places import BASE, find_place, make_private, shown, var_folder
from kvv.embedded.ports import free_port, is_free
from kvv.embedded.postgres import Postgres, PostgresError
from kvv.embedded.services import is_demo, service_arguments, web_address
from kvv.embedded.steps import say, speak_any_language, step
from kvv.embedded.valkey import Valkey
from kvv.run_file import read_run_file, write_run_file

READY_SECONDS = 180
SERVICES_SECONDS = 5
SERVERS_SECONDS = 4
FIRST_TIME = "KVV makes its database, which takes half a minute; later starts have it."
SAME_AGAIN = "KVV starts with its data of before, which takes seconds."
DEATHS_MOST = 3
"""So often a program may end before KVV was ready once."""
STILL_STOPPING = ('"postmaster.pid" already exists', "pre-existing shared memory")
"""What a server says of itself from last time."""
MADE_ONCE = ("SECRET_KEY", "KVV_SECRET_KEYS")
PATIENCE_MOST = 30
LOOK_SECONDS = 0.2
# Whatever proxy the machine has for the world outside: our own address is asked without it.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CannotRunError(Exception):
    """KVV can't be started; the text is one sentence for a person."""


@dataclass(slots=True)
class Child:
    """A program that is to run, and how it has been doing."""

    command: Command
    process: "subprocess.Popen[bytes]"
    log: Log
    deaths: int = 0
    started: float = field(default_factory=time.monotonic)
    again_at: float = 0.0

    @property
    def last_words(self) -> str:
        """Why it ended, and where to read more, for the end of a sentence."""
        return f"{self.log.last_words()} (all of it is in {shown(self.log.file)})"


class Supervisor:
    """Starts, watches and stops the programs of one installation."""

    def __init__(self, *, var: Path) -> None:
        self.var = var
        self.servers: list[Child] = []
        self.services: list[Child] = []
        self.env = dict(os.environ)
        self.stopping = self.is_ready = False
        self.has_terminal = sys.stdout.isatty()
        self.logs = var / "log"
        self.lock: TextIO | None = None

    @property
    def children(self) -> list[Child]:
        """All that was started."""
        return [*self.servers, *self.services]

    def run(self) -> int:
        """Run until told to stop; 0 then, 1 if KVV could not be started, and its last line says why."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._stop_asked)
        try:
            self._prepare()
            with step("Web, worker, beat and mail"):
                self._start_services()
            self.is_ready = True
            say(announcement(env=self.env, is_demo=is_demo(self.env), logs=self.logs))
            self._watch()
        except CannotRunError as error:
            trouble = str(error)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            what = "the disk is full" if full else "the operating system refused something"
            trouble = f"{what} ({error}). Mend that and start KVV again."
        else:
            trouble = ""
        finally:
            self._stop()
        if not trouble or self.stopping:
            return 0
        say(f"KVV: {trouble}")
        return 1

    def _prepare(self) -> None:
        """Everything up to a migrated database with a demo in it."""
        os.umask(0o077)  # what we and our children write is nobody else's to read
        log_folder(self.var)
        self._hold_lock()
        make_private(self.var)
        (self.var / "static").mkdir(exist_ok=True)
        self._take_ports()
        Log.begun_anew(self.logs / "start.log")
        self._start_servers()
        self._write_environment()
        self._manage("Tables", "migrate", "--verbosity", "0")
        self._program("Translations", "-m", "scripts.messages", "compile")
        if is_demo(self.env):
            self._manage("Demo", "load_demo")
        else:
            self._manage("Files of the pages", "collectstatic", "--noinput", "--verbosity", "0")

    def _hold_lock(self) -> None:
        try:
            self.lock = take_lock(self.var)
        except BlockingIOError as error:
            raise CannotRunError("it is running already from this folder: stop that one first.") from error

    def _take_ports(self) -> None:
        """Say at once which port is taken; the catcher's port is nobody's business and may be any."""
        self.env.setdefault("KVV_PORT", "8000")
        self.env.setdefault("KVV_MAIL_PORT", "2525")
        for name in ("KVV_PORT", "KVV_MAIL_PORT"):
            if not self.env[name].isdigit() or not 0 < int(self.env[name]) < 65536:
                raise CannotRunError(f"{name} is '{self.env[name]}': use a number from 1 to 65535.")
            if not is_free(int(self.env[name])):
                raise CannotRunError(
                    f"port {self.env[name]} is in use. Stop what uses it, or start KVV with another: "
                    f"{name}={int(self.env[name]) + 1} make run"
                )
        if "KVV_CATCHER_PORT" not in self.env:
            known = read_run_file(self.var).get("KVV_CATCHER_PORT", "2526")
            self.env["KVV_CATCHER_PORT"] = known if is_free(int(known)) else str(free_port())

    def _start_servers(self) -> None:
        place = None
        if "DATABASE_URL" not in self.env:
            place = find_place(var=self.var)
            postgres = Postgres(place=place)
            say(SAME_AGAIN if postgres.is_made else FIRST_TIME)
            with step("PostgreSQL"):
                try:
                    postgres.prepare()
                except PostgresError as error:
                    raise CannotRunError(f"PostgreSQL's data could not be made: {error}") from error
                self._start_server(postgres.command(), postgres.is_ready)
                postgres.ensure_database()
            self.env["DATABASE_URL"] = postgres.url()
        if "REDIS_URL" not in self.env:
            valkey = Valkey(place=place or find_place(var=self.var), data=self.var / "valkey")
            with step("Valkey"):
                valkey.prepare()
                self._start_server(valkey.command(), valkey.is_ready)
            self.env["REDIS_URL"] = valkey.url

    def _start_server(self, command: Command, is_ready: Callable[[], bool]) -> None:
        """Start a server and wait for it; one that is still going down from last time is waited for too."""
        child = self._begin(command)
        self.servers.append(child)
        end = time.monotonic() + READY_SECONDS
        while not is_ready():
            self._give_up_if_asked()
            ended = child.process.poll() is not None
            waits = any(sign in child.log.last_words() for sign in STILL_STOPPING)
            child.deaths += ended and not waits
            if time.monotonic() > end or child.deaths >= DEATHS_MOST:
                raise CannotRunError(f"{command.name} does not start: {child.last_words}.")
            if ended:
                time.sleep(0.5)
                child.process = start(child.command)
            time.sleep(0.05)

    def _begin(self, command: Command) -> Child:
        """Start a program with a log of its own."""
        log = Log.begun_anew(self.logs / f"{command.name}.log")
        command = replace(command, log=log.file)
        return Child(command, start(command), log)

    def _write_environment(self) -> None:
        """Leave the addresses where `manage.py` in another terminal finds them."""
        kept = read_run_file(self.var)
        for name in MADE_ONCE:
            self.env.setdefault(name, kept.get(name) or secrets.token_urlsafe(48))
        self.env.setdefault("KVV_DEMO", "1")
        self.env.setdefault("KVV_BASE_URL", f"http://localhost:{self.env['KVV_PORT']}")
        self.env["KVV_VAR"] = str(self.var)
        names = ("DATABASE_URL", "REDIS_URL", "KVV_DEMO", "KVV_BASE_URL", "KVV_MAIL_PORT", "KVV_CATCHER_PORT")
        write_run_file(self.var, {name: self.env[name] for name in (*MADE_ONCE, *names)})

    def _manage(self, what: str, *arguments: str) -> None:
        self._program(what, str(BASE / "manage.py"), *arguments)

    def _program(self, what: str, *arguments: str) -> None:
        """Run a step to its end; what it says is shown only if it fails."""
        log = Log(self.logs / "start.log")
        argv = [sys.executable, *arguments]
        command = Command(name=what, argv=argv, env=self.env, cwd=BASE, log=log.file)
        with step(what):
            process = start(command)
            while process.poll() is None:
                self._give_up_if_asked(process)
                time.sleep(0.05)
            if process.returncode:
                raise CannotRunError(
                    f"{what}: {log.last_words()} (all of it is in {shown(log.file)}). "
                    "Mend that and start KVV again."
                )

    def _give_up_if_asked(self, process: "subprocess.Popen[bytes] | None" = None) -> None:
        if self._is_asked():
            if process is not None:
                process.terminate()
            raise CannotRunError("stopped")

    def _start_services(self) -> None:
        """Web, worker, beat and mail, until all of it answers."""
        for name, arguments in service_arguments(env=self.env, var=self.var).items():
            command = Command(name=name, argv=[sys.executable, *arguments], env=self.env, cwd=BASE)
            self.services.append(self._begin(command))
        address = f"{web_address(self.env)}/healthz"
        end = time.monotonic() + READY_SECONDS
        while not _is_well(address):
            self._give_up_if_asked()
            self._look_after_children()
            for child in self.children:
                if child.deaths >= DEATHS_MOST:
                    raise CannotRunError(f"{child.command.name} ends again and again: {child.last_words}.")
            if time.monotonic() > end:
                raise CannotRunError(
                    f"not everything answers after {READY_SECONDS} s: look into {shown(self.logs)}/."
                )
            time.sleep(LOOK_SECONDS)

    def _watch(self) -> None:
        while not self._is_asked():
            self._look_after_children()
            self._tell_errors()
            time.sleep(LOOK_SECONDS)

    def _tell_errors(self) -> None:
        for child in self.children:
            if error := child.log.new_error():
                say(f"{child.command.name}: {error} (more in {shown(child.log.file)})")

    def _look_after_children(self) -> None:
        """Start again what has died, after 1, 2, 4 … 30 s; what ran for a minute is forgiven."""
        for child in self.children:
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            if not child.again_at:
                child.deaths = 1 if now - child.started > 60 else child.deaths + 1
                wait = min(PATIENCE_MOST, 2 ** (child.deaths - 1))
                child.again_at = now + wait
                if self.is_ready:
                    say(f"{child.command.name} ended and is started again in {wait} s: {child.last_words}")
            elif now >= child.again_at:
                child.process = start(child.command)
                child.started, child.again_at = now, 0.0

    def _stop_asked(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _is_asked(self) -> bool:
        """Whether we are to stop. Of a closed terminal only its first process may hear, which can be `make`
        and says nothing to us: we look whether our terminal is still there.
        """
        self.stopping = self.stopping or (self.has_terminal and not sys.stdout.isatty())
        return self.stopping

    def _stop(self) -> None:
        """Services first, then the servers they need; what does not go is killed."""
        if self.stopping:
            behind_the_key = "\n" if sys.stdout.isatty() else ""  # the terminal has written ^C
            say(f"{behind_the_key}KVV stops …", end="")
        _end(self.services, seconds=SERVICES_SECONDS)
        _end(self.servers, seconds=SERVERS_SECONDS)
        if self.stopping:
            say(" all of it has stopped; the next start has your data.")


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


def _is_well(address: str) -> bool:
    try:
        with DIRECTLY.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """What `python -m kvv.embedded.supervisor` does."""
    speak_any_language()
    return Supervisor(var=var_folder()).run()


if __name__ == "__main__":
    sys.exit(main())
