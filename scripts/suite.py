"""All tests, in parts that each say how long they took: `python3 scripts/kvv.py test`.

The parts share the servers and the migrated database, which are made once. Dovecot and Chromium come from
the system: installed by apt where that is allowed, else their tests are left out and that is said at the end.
With CI=true leaving them out fails.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from types import FrameType

from kvv.embedded.children import Command, start
from scripts.messages import compile_catalogues
from scripts.pace import pace
from tests.browser import program as chromium
from tests.dovecot import Dovecot
from tests.servers import Servers

BASE = Path(__file__).resolve().parent.parent
PACKAGES = {"dovecot": ("dovecot-imapd", "dovecot-pop3d"), "chromium": ("chromium-headless-shell",)}
PROGRAMS: dict[str, Callable[[], str | None]] = {"dovecot": Dovecot.program, "chromium": chromium.find}
TOO_MANY_TIMES = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Tests that run together. `budget`: the seconds they may take on two cores with nothing else to do.

    `mark`: all of them have it, and it stands in their files, so that no other file need be read. `workers`:
    how many run side by side, more than processors where tests wait for what is said on a line.
    """

    name: str
    marks: str
    budget: int
    needs: str = ""
    mark: str = ""
    workers: int = 2

    @property
    def files(self) -> list[str]:
        """What pytest is to read: nothing named is everything."""
        if not self.mark:
            return []
        named = f"mark.{self.mark}"
        files = sorted((BASE / "tests").rglob("test_*.py"))
        return [str(file) for file in files if named in file.read_text(encoding="utf-8")]

    @property
    def side_by_side(self) -> list[str]:
        """What tells pytest how many run at once; who is done takes from the others."""
        return ["-n", str(self.workers), "--dist", "worksteal"]


PARTS = (
    Part("fast", "not committed and not mailserver and not browser", budget=150),
    Part("committed", "committed and not mailserver and not browser", mark="committed", budget=66),
    Part("mail servers", "mailserver", mark="mailserver", budget=46, needs="dovecot", workers=3),
    Part("browser", "browser", mark="browser", budget=105, needs="chromium"),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a part went; `pace`: how many times as long as on the machine of the budgets all takes here."""

    part: Part
    seconds: float
    passed: bool
    pace: float = 1.0

    @property
    def budget(self) -> float:
        """The seconds that it may take on this machine."""
        return self.part.budget * self.pace


def main() -> int:
    """Run the tests; with arguments, just pytest with them, in our place."""
    os.chdir(BASE)
    if sys.argv[1:]:
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *sys.argv[1:]])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)  # also where we were started with Ctrl-C switched off, as by `&`
    missing = missing_programs()
    # All that is started reads the same code, and one test measures the memory that needs no compiling.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compile_catalogues()
    servers = Servers()
    try:
        servers.start()
        with template_in_the_making():
            ran = [run(part) for part in PARTS if part.needs not in missing]
    except KeyboardInterrupt:
        return 130
    finally:
        servers.stop()
    print("\n".join(report(ran, missing=missing)))
    return exit_code(ran, missing=missing)


@contextmanager
def template_in_the_making() -> Iterator[None]:
    """The database is migrated while the first tests are read; they wait for it, and tell what is wrong."""
    child = start(python("tests.database"))
    try:
        yield
    finally:
        child.kill()
        child.wait()


def run(part: Part) -> Ran:
    """Run the tests of a part and time them."""
    print(f"— {part.name}", flush=True)
    began = time.monotonic()
    with pace() as pace_meanwhile:
        passed = pytest(*part.side_by_side, "-q", "-m", part.marks, *part.files) == 0
    return Ran(part, seconds=time.monotonic() - began, passed=passed, pace=pace_meanwhile())


def pytest(*arguments: str) -> int:
    """Run pytest and give its exit code. It ends when we do: in good order where that is possible, before
    its servers do.
    """
    child = start(python("pytest", *arguments))
    try:
        return child.wait()
    except BaseException:
        child.send_signal(signal.SIGINT)
        child.wait()
        raise


def python(module: str, *arguments: str) -> Command:
    """A module run as a program that ends by Ctrl-C."""
    argv = [sys.executable, "-m", module, *arguments]
    return Command(name=module, argv=argv, env=os.environ, stop_signal=signal.SIGINT)


def report(ran: Sequence[Ran], *, missing: Sequence[str]) -> list[str]:
    """The lines that are said at the end: each part's time beside its budget, and what is wrong."""
    times = ", ".join(f"{result.part.name} {result.seconds:.0f} s of {result.budget:.0f}" for result in ran)
    together = sum(result.seconds for result in ran)
    lines = [f"Times: {times}; together {together:.0f} s."]
    if (slowest := max((result.pace for result in ran), default=1.0)) > 1:
        lines.append(f"This machine takes {slowest:.1f} times as long as the one of the budgets.")
    if failed := [result.part.name for result in ran if not result.passed]:
        lines.append(f"Failed: {', '.join(failed)}.")
    lines += [
        f"Too slow: {result.part.name} took more than {TOO_MANY_TIMES} times its budget."
        for result in ran
        if is_too_slow(result)
    ]
    for program in missing:
        packages = " ".join(PACKAGES[program])
        lines.append(f"Not tested: {program} is not on this machine (apt install {packages}).")
    return lines


def exit_code(ran: Sequence[Ran], *, missing: Sequence[str]) -> int:
    """1 where a test failed, a part was far too slow, or CI had to leave something out."""
    wrong = any(not result.passed or is_too_slow(result) for result in ran)
    return 1 if wrong or (missing and os.environ.get("CI")) else 0


def is_too_slow(ran: Ran) -> bool:
    """Machines differ: only a part that takes twice its budget has been made slow by a change."""
    return ran.seconds > TOO_MANY_TIMES * ran.budget


def missing_programs() -> list[str]:
    """Which programs are still not there after installing those that may be installed."""
    packages = [package for name in _not_here() for package in PACKAGES[name]]
    if packages and os.geteuid() == 0 and which("apt-get"):
        print(f"Installing {', '.join(packages)} …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
            subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    return _not_here()


def _not_here() -> list[str]:
    return [name for name, find in PROGRAMS.items() if find() is None]


def _stop(number: int, frame: FrameType | None) -> None:
    """What `kill` does is what Ctrl-C does: all that was started ends before we do."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
