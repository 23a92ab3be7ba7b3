"""`make run`: what it prints, what it keeps out of sight, and that nothing of it is left when it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kvv.embedded.children import Command
from kvv.embedded.lock import take_lock
from kvv.embedded.ports import free_port
from kvv.embedded.supervisor import CannotRunError, Child, Supervisor
from tests.database import database_url

ANY_DATABASE = "postgres://kvv@127.0.0.1:1/kvv"
SUPERVISOR = [sys.executable, "-m", "kvv.embedded.supervisor"]
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PROGRAMS = {"web", "worker", "beat", "listener", "catcher", "valkey", "start"}


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder for its files, which a server of another user could reach."""
    folder = Path(tempfile.mkdtemp(prefix="kvv-run-"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder)


def environment(var: Path, **settings: str) -> dict[str, str]:
    """That of somebody who starts it there, with ports that nobody has."""
    ports = {name: str(free_port()) for name in ("KVV_PORT", "KVV_MAIL_PORT", "KVV_CATCHER_PORT")}
    inherited = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    return inherited | ports | {"KVV_VAR": str(var), "DATABASE_URL": ANY_DATABASE} | settings


def refusal(var: Path, **settings: str) -> str:
    """What it prints when it can't start."""
    env = environment(var, **settings)
    done = subprocess.run(
        SUPERVISOR, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 1
    return done.stdout


def processes_of(var: Path) -> list[str]:
    """What still runs that was started with this folder."""
    mark = f"KVV_VAR={var}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


@pytest.fixture
def by_hand() -> Iterator[None]:
    """What is started hears a terminal that closes, also where the tests themselves run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.committed
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("by_hand")
def test_a_start_tells_what_matters_and_a_closed_terminal_leaves_nothing(var: Path) -> None:
    env = environment(var, DATABASE_URL=database_url())
    with subprocess.Popen(
        SUPERVISOR, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if line.startswith("  Logs"):
                break
        try:
            steps = [line.split(" …")[0].strip() for line in said if line.endswith(" s\n")]
            assert steps == ["Valkey", "Tables", "Translations", "Demo", "Web, worker, beat and mail"], said
            assert f"KVV is ready: http://localhost:{env['KVV_PORT']}\n" in said
            assert all(line.strip("\n").isprintable() for line in said)
            with DIRECTLY.open(f"http://127.0.0.1:{env['KVV_PORT']}/demo/mail/", timeout=10) as page:
                assert page.status == 200
            assert {file.stem for file in (var / "log").iterdir()} == PROGRAMS
            assert len(processes_of(var)) > len(PROGRAMS)
        finally:
            running.send_signal(signal.SIGHUP)
        rest = running.stdout.read()
        running.wait()
    assert rest == "KVV stops … all of it has stopped; the next start has your data.\n"
    assert running.returncode == 0
    assert processes_of(var) == []


def test_a_port_that_is_taken_is_named_with_a_way_out(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        said = refusal(var, KVV_PORT=str(port))
    assert said == (
        f"KVV: port {port} is in use. Stop what uses it, or start KVV with another: "
        f"KVV_PORT={port + 1} make run\n"
    )


def test_a_second_start_in_the_same_folder_is_refused(var: Path) -> None:
    var.mkdir()
    with take_lock(var):
        assert refusal(var) == "KVV: it is running already from this folder: stop that one first.\n"


def test_a_step_that_fails_says_why_in_one_sentence_and_where_the_rest_is(var: Path) -> None:
    said = refusal(var, REDIS_URL="redis://127.0.0.1:1", KVV_TIME_ZONE="Europe/Atlantis")
    assert said == (
        "  Tables …\n"
        "KVV: Tables: KVV_TIME_ZONE is 'Europe/Atlantis': use a name such as Europe/Amsterdam "
        f"(all of it is in {var / 'log' / 'start.log'}). Mend that and start KVV again.\n"
    )


@pytest.fixture
def supervisor(var: Path) -> Iterator[Supervisor]:
    (var / "log").mkdir(parents=True)
    made = Supervisor(var=var)
    yield made
    made._stop()


def test_a_terminal_that_was_closed_is_noticed_also_where_nobody_tells_us(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal, our_end = os.openpty()
    with os.fdopen(our_end, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        supervisor = Supervisor(var=var)
        assert not supervisor._is_asked()
        os.close(terminal)
        assert supervisor._is_asked()


def program(text: str) -> Command:
    return Command(name="postgres", argv=[sys.executable, "-c", text], env=dict(os.environ))


def test_a_server_that_never_starts_is_not_waited_for_long(supervisor: Supervisor) -> None:
    command = program("raise SystemExit('FATAL:  the data was made by another version')")
    with pytest.raises(CannotRunError, match="postgres does not start: the data was made by another version"):
        supervisor._start_server(command, lambda: False)


def test_what_ends_later_is_started_again_and_its_error_is_told(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.is_ready = True
    child: Child = supervisor._begin(program("raise SystemExit('no room is left')"))
    supervisor.services.append(child)
    child.process.wait()
    supervisor._look_after_children()
    assert capsys.readouterr().out == (
        f"postgres ended and is started again in 1 s: no room is left (all of it is in {child.log.file})\n"
    )
    child.again_at, before = 1.0, child.process.pid
    supervisor._look_after_children()
    assert child.process.pid != before
    child.process.wait()
