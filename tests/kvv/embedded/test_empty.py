"""`make empty` removes what `make run` has kept in this folder: nothing else, and nothing that is in use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kvv.embedded import empty, places
from kvv.embedded.lock import take_lock


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder after `make run`, by a user whose servers keep their data below it."""
    folder = tmp_path / "var"
    monkeypatch.setenv("KVV_VAR", str(folder))
    monkeypatch.setattr(places, "LIBRARY_DIR", tmp_path / "library")
    for name in ("servers/postgres/base", "servers/run", "valkey", "outbox", "log", "static"):
        (folder / name).mkdir(parents=True)
    for name in ("servers/postgres/PG_VERSION", "servers/postgres.log", "run.env", "outbox/1.eml"):
        (folder / name).touch()
    return folder


@pytest.fixture
def postgres(var: Path) -> Iterator[int]:
    """Something that has the looks of a PostgreSQL on this data; gives its process."""
    argv = [sys.executable, "-c", "print(flush=True); input()", "-D", str(var / "servers" / "postgres")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()  # it runs by now, and has its own command line
        (var / "servers" / "postgres" / "postmaster.pid").write_text(f"{server.pid}\n/data\n")
        yield server.pid
        server.terminate()


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Somebody sits at the terminal and types this."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: text)


def test_data_logs_and_caught_mail_go_and_it_says_so(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = [var / name for name in ("servers/postgres", "servers/postgres.log", "valkey", "outbox", "log")]
    assert empty.main(["--yes"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"Removed {path}" for path in gone]
    assert not any(path.exists() for path in gone)


def test_key_and_static_files_stay(var: Path) -> None:
    empty.main(["--yes"])
    assert (var / "run.env").exists()
    assert (var / "static").exists()


def test_there_is_nothing_to_do_twice(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty.main(["--yes"])
    capsys.readouterr()
    assert empty.main([]) == 0
    assert capsys.readouterr().out == f"Nothing was kept in {var}.\n"


def test_it_finds_data_that_root_had_to_keep_elsewhere(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    elsewhere = places.possible_homes(var=var)[1] / "postgres"
    elsewhere.mkdir(parents=True)
    another = places.possible_homes(var=var.parent)[1] / "postgres"
    another.mkdir(parents=True)
    assert empty.main(["--yes"]) == 0
    assert not elsewhere.exists()
    assert another.exists()


def test_at_a_terminal_it_asks(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "")
    assert empty.main([]) == 1
    assert (var / "servers" / "postgres").exists()
    assert "nothing was removed" in capsys.readouterr().err
    answer(monkeypatch, "Yes")
    assert empty.main([]) == 0
    assert not (var / "servers" / "postgres").exists()


def test_without_a_terminal_it_wants_to_be_told(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert empty.main([]) == 1
    assert "--yes" in capsys.readouterr().err
    assert (var / "servers" / "postgres").exists()


def test_what_runs_is_left_alone(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with take_lock(var):
        assert empty.main(["--yes"]) == 1
    assert "stop it first" in capsys.readouterr().err
    assert (var / "servers" / "postgres").exists()
    assert empty.main(["--yes"]) == 0


def test_a_postgresql_that_is_still_stopping_is_left_alone(
    var: Path, postgres: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert empty.main(["--yes"]) == 1
    assert f"process {postgres}" in capsys.readouterr().err
    assert (var / "valkey").exists()


def test_a_note_of_a_server_that_is_gone_hinders_nobody(var: Path) -> None:
    (var / "servers" / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/data\n")
    assert empty.main(["--yes"]) == 0


def test_what_can_not_be_removed_is_named(
    var: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (var / "valkey").rmdir()
    (var / "valkey").symlink_to(tmp_path)
    assert empty.main(["--yes"]) == 1
    assert str(var / "valkey") in capsys.readouterr().err
