"""The front door: what it installs for which word, and what it says when that goes wrong."""

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kvv.embedded.places import BASE
from scripts import kvv, packages
from scripts.packages import Refusal, cause

OLDEST_THAT_IS_TOLD = (3, 7)


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An environment without anything that is locked; gives what pip is asked to install there."""
    asked: list[str] = []
    monkeypatch.setattr(packages, "STAMP", tmp_path / "requirements.digest")
    monkeypatch.setattr(packages, "installed", set)

    def pip(*words: str, log: Path) -> None:
        asked.append(Path(words[-1]).name)

    monkeypatch.setattr(packages, "pip", pip)
    return asked


def test_the_front_door_can_be_read_by_a_python_that_is_too_old() -> None:
    source = (BASE / "scripts" / "kvv.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=OLDEST_THAT_IS_TOLD)
    imported = [name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names]
    assert set(imported) <= sys.stdlib_module_names


def test_a_python_that_is_too_old_says_so_where_no_other_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(sys, "argv", ["kvv.py", "run"])
    monkeypatch.setenv("PATH", "")
    assert kvv.main() == 1
    assert "Python 3.9.2 is too old" in capsys.readouterr().err


def test_running_needs_no_more_than_what_runs(called: list[str], tmp_path: Path) -> None:
    words = {word: lock for word, (_arguments, lock, _meaning) in kvv.WORDS.items()}
    assert words["run"] == "requirements-run.txt"
    assert words["empty"] == ""
    assert {words["test"], words["check"]} == {"requirements-dev.txt"}
    packages.install(words["run"], log=tmp_path / "log")
    assert called == ["requirements-pip.txt", "requirements-run.txt"]
    assert not packages.missing(words["run"])
    assert packages.missing(words["test"])


def test_what_tests_need_comes_on_top_and_running_then_needs_nothing_more(
    called: list[str], tmp_path: Path
) -> None:
    packages.install("requirements-dev.txt", log=tmp_path / "log")
    assert not packages.missing("requirements-dev.txt")
    assert not packages.missing("requirements-run.txt")


def test_a_lock_that_was_changed_is_installed_again(called: list[str], tmp_path: Path) -> None:
    packages.install("requirements-run.txt", log=tmp_path / "log")
    now = hashlib.sha256((BASE / "requirements-run.txt").read_bytes()).hexdigest()
    packages.STAMP.write_text(packages.STAMP.read_text().replace(now, "0" * 64))
    assert packages.missing("requirements-run.txt")


def test_a_stranger_is_taken_away_but_not_what_another_lock_names(
    called: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "installed", lambda: {"mypy", "django", "stranger"})
    packages.install("requirements-run.txt", log=tmp_path / "log")
    assert called[2:] == ["stranger"]


def test_without_a_network_it_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "PYTHON", sys.executable)
    for name in [name for name in os.environ if name.startswith("PIP_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in {
        "CONFIG_FILE": os.devnull,
        "RETRIES": "1",
        "INDEX_URL": "http://127.0.0.1:9/",
    }.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    log = tmp_path / "install.log"
    with pytest.raises(Refusal) as refused:
        packages.pip("download", "--no-deps", "--dest", str(tmp_path), "django==5.2.19", log=log)
    assert str(refused.value) == (
        "the packages can't be fetched, as there is no way to 127.0.0.1. Connect this machine to the network "
        f"(behind a proxy: set HTTPS_PROXY) and start again (all that was said is in {log})."
    )
    assert "Could not find a version" in log.read_text()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "ERROR: OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
            "not the one that was locked",
        ),
        ("ERROR: No matching distribution found for nh3==0.3.8", "there is no nh3==0.3.8 for Python 3."),
        ("lines\nERROR: Something else.\nmore", "could not be installed: ERROR: Something else. If nothing"),
        ("", "pip said nothing"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said: str, sentence: str) -> None:
    assert sentence in cause(said)


def test_make_alone_lists_the_targets_with_a_line_each() -> None:
    said = subprocess.run(["make", "-s"], cwd=BASE, stdout=subprocess.PIPE, text=True, check=True).stdout
    listed = dict(line.split(maxsplit=1) for line in said.splitlines()[1:])
    assert {*kvv.WORDS, "help", "screenshots"} == set(listed)
