"""What the whole suite says of its parts, and that its servers end when it does."""

import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scripts import suite
from scripts.pace import REFERENCE_SECONDS, pace
from scripts.suite import PARTS, Part, Ran
from tests.servers import GIVEN

BASE = Path(__file__).resolve().parent.parent
SHORT = Part("short", "not long", budget=10)
STARTED = """
from tests.servers import Servers
servers = Servers()
servers.start()
print(servers.folder, *(child.pid for child in servers.children), flush=True)
input()
"""
PATIENCE_SECONDS = 20


def ran(seconds: float, *, passed: bool = True, pace: float = 1.0) -> Ran:
    return Ran(SHORT, seconds=seconds, passed=passed, pace=pace)


def test_each_part_is_told_beside_its_budget() -> None:
    assert suite.report([ran(7.4), ran(8)], missing=[]) == [
        "Times: short 7 s of 10, short 8 s of 10; together 15 s."
    ]


@pytest.mark.parametrize(("seconds", "code"), [(7, 0), (13, 0), (20, 0), (20.1, 1)])
def test_only_a_part_that_takes_twice_its_budget_fails(seconds: float, code: int) -> None:
    assert suite.exit_code([ran(7), ran(seconds)], missing=[]) == code
    too_slow = "Too slow: short took more than 2 times its budget."
    assert (too_slow in suite.report([ran(seconds)], missing=[])) == bool(code)


@pytest.mark.parametrize(("seconds", "code"), [(49, 0), (51, 1)])
def test_on_a_slower_machine_a_part_has_as_much_more_time(seconds: float, code: int) -> None:
    slow = ran(seconds, pace=2.5)
    assert suite.exit_code([slow], missing=[]) == code
    told = suite.report([slow], missing=[])
    assert told[0] == f"Times: short {seconds} s of 25; together {seconds} s."
    assert told[1] == "This machine takes 2.5 times as long as the one of the budgets."


def test_no_machine_has_less_time_than_the_budget_and_a_slow_one_has_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter([2 * REFERENCE_SECONDS, 3 * REFERENCE_SECONDS, REFERENCE_SECONDS / 2])
    monkeypatch.setattr("scripts.pace._seconds", lambda: next(seconds))
    paces = []
    for _n in range(3):
        with pace() as meanwhile:
            paces.append(meanwhile())
    assert paces == [2, 3, 1]


def test_the_pace_is_looked_at_while_something_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Semaphore(0)
    seconds = iter([REFERENCE_SECONDS, *[4 * REFERENCE_SECONDS] * 99])

    def look() -> float:
        looked.release()
        return next(seconds)

    monkeypatch.setattr("scripts.pace._seconds", look)
    monkeypatch.setattr("scripts.pace.EVERY_SECONDS", 0.001)
    with pace() as meanwhile:
        assert all(looked.acquire(timeout=PATIENCE_SECONDS) for _n in range(5))
        assert meanwhile() == 4


def test_a_failed_test_fails_however_fast_it_was() -> None:
    assert suite.exit_code([ran(1, passed=False)], missing=[]) == 1
    assert "Failed: short." in suite.report([ran(1, passed=False)], missing=[])


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_could_not_be_tested_is_said_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert suite.exit_code([ran(1)], missing=["chromium"]) == code
    assert "chromium is not on this machine" in suite.report([ran(1)], missing=["chromium"])[-1]


def test_all_parts_together_fit_into_ten_minutes() -> None:
    assert sum(part.budget for part in PARTS) <= 600


def test_a_part_reads_only_the_files_that_name_its_mark() -> None:
    browser = next(part for part in PARTS if part.name == "browser")
    files = {str(Path(file).relative_to(BASE)) for file in browser.files}
    assert "tests/browser/test_round.py" in files
    assert all(file.startswith("tests/browser/") for file in files)


def test_the_part_that_has_no_mark_reads_all() -> None:
    assert PARTS[0].files == []


def test_the_servers_end_with_the_one_who_started_them_however_it_ends() -> None:
    free = {
        name: text for name, text in os.environ.items() if name not in (GIVEN, "DATABASE_URL", "REDIS_URL")
    }
    with subprocess.Popen(
        [sys.executable, "-c", STARTED],
        cwd=BASE,
        env=free,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        folder, *servers = starter.stdout.readline().split()
        lives = [os.pidfd_open(int(server)) for server in servers]
        starter.send_signal(signal.SIGKILL)
    assert len(lives) == 2
    for life in lives:
        assert select.select([life], [], [], PATIENCE_SECONDS)[0] == [life]
        os.close(life)
    shutil.rmtree(folder)
