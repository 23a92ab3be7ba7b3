#!/usr/bin/env python3
"""KVV's own front door, for a machine with nothing but Python 3.11 and git.

The standard library only, and nothing that an older Python can't read, so that one can say that it is too
old. What comes after that (`scripts/packages.py`) makes the environment `.venv` that all the rest runs in.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
OTHERS = ("python3.14", "python3.13", "python3.12", "python3.11")
"""What a newer one may be called where python3 is too old."""
INTERRUPTED = 130

NOTHING, RUN, DEVELOP = "", "requirements-run.txt", "requirements-dev.txt"
WORDS = {
    "run": (["-m", "kvv.embedded.supervisor"], RUN, "start KVV here, with its own servers and a demo"),
    "empty": (["-m", "kvv.embedded.empty"], NOTHING, "throw away what run has kept (--yes: unasked)"),
    "test": (["-m", "scripts.suite"], DEVELOP, "run all tests on their own servers (arguments: pytest's)"),
    "check": (["-m", "scripts.check"], DEVELOP, "code, format, types, arrows, migrations, Dutch, deployment"),
    "lock": (
        ["-m", "scripts.lock"],
        DEVELOP,
        "lock all packages by digest, as .in files ask (UPGRADE=1)",
    ),
    "audit": (["-m", "scripts.audit"], DEVELOP, "ask which of the locked packages have known holes"),
    "bench": (["-m", "benchmarks.run"], DEVELOP, "measure pages and mail, database filled (TICKETS= ONLY=)"),
    "bench-compare": (["-m", "benchmarks.compare"], DEVELOP, "compare two results of bench (OLD, NEW)"),
    "fuzz": (["-m", "benchmarks.fuzz"], DEVELOP, "read damaged mails, some the whole way (N=100000 SEED=)"),
    "faults": (
        ["-m", "benchmarks.faults"],
        DEVELOP,
        "kill all under load, then count (KILLS= SEED=)",
    ),
}
"""Word → what Python is to run for it, the lock of what that needs, and what it does."""


def main() -> int:
    """Become what the first word asks for, in an environment that is up to date."""
    word = sys.argv[1] if len(sys.argv) > 1 else "help"
    if word not in WORDS:
        return show_help(word)
    if sys.version_info < OLDEST:
        return go_on_with_another()
    arguments, lock, _meaning = WORDS[word]
    has_terminal = sys.stdout.isatty()
    for number in (signal.SIGTERM, signal.SIGHUP):  # what we start ends with us
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        python = python_with(lock)
    except KeyboardInterrupt:
        print("KVV: stopped; the next start goes on from here.", file=sys.stderr)
        return INTERRUPTED
    if not python or (has_terminal and not sys.stdout.isatty()):  # closed, of which only `make` was told
        return 1
    os.chdir(BASE)
    # In our place, so that a signal to us is a signal to it.
    return os.execv(python, [python, *arguments, *sys.argv[2:]])


def python_with(lock: str) -> str:
    """The Python that has what a lock names; nothing, and a sentence, where it can't be had."""
    sys.path[0] = str(BASE)  # in place of scripts/
    from scripts import packages  # noqa: PLC0415  (no older Python can read it)

    if not lock:
        return sys.executable
    try:
        return str(packages.make_ready(lock))
    except packages.Refusal as refusal:
        print(f"KVV: {refusal}", file=sys.stderr)
    except OSError as error:
        print(f"KVV: can't make .venv: {error.strerror} ({error.filename}).", file=sys.stderr)
    return ""


def show_help(word: str) -> int:
    """Say which words there are; 2 if another one was tried."""
    print("python3 scripts/kvv.py WORD, or make WORD\n")
    for name, (_arguments, _lock, meaning) in WORDS.items():
        print(f"  {name:15}{meaning}")
    return 0 if word in ("help", "--help", "-h") else 2


def go_on_with_another() -> int:
    """Become a newer Python where there is one; 1 and a sentence where there is none."""
    for name in OTHERS:
        if shutil.which(name) and is_new_enough(name):
            os.execvp(name, [name, str(Path(__file__).resolve()), *sys.argv[1:]])
    version = ".".join(map(str, sys.version_info[:3]))
    print(
        f"KVV: Python {version} is too old, and no newer one is here. Install Python 3.11 or newer "
        "(Debian, Ubuntu: apt install python3.11 python3.11-venv) and start again.",
        file=sys.stderr,
    )
    return 1


def is_new_enough(python: str) -> bool:
    """Whether this one can be started and is no older than we need."""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.run([python, "-c", question], check=False, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
