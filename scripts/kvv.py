#!/usr/bin/env python3
"""KVV's own front door, for a machine with nothing but Python 3.11 and git.

The standard library only: this makes the environment `.venv` that all the rest runs in.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "requirements.digest"
LOCKS = (BASE / "requirements-pip.txt", BASE / "requirements-dev.txt")
"""What is installed, in this order: the installer itself first."""
OLDEST = (3, 11)

WORDS = {
    "run": (["-m", "kvv.embedded.supervisor"], "start KVV here, with its own database, broker and a demo"),
    "empty": (["-m", "kvv.embedded.empty"], "throw away all that run has kept here (--yes: without asking)"),
    "test": (["-m", "scripts.suite"], "run all tests on servers of their own (arguments go to pytest)"),
    "check": (["-m", "scripts.check"], "code, format, types, arrows, migrations, Dutch, deployment"),
    "lock": (
        ["-m", "scripts.lock"],
        "lock all packages by digest, as the .in files ask (UPGRADE=1)",
    ),
    "audit": (["-m", "scripts.audit"], "ask which of the locked packages have known holes"),
    "bench": (["-m", "benchmarks.run"], "measure pages and ingest on a filled database (TICKETS=1000)"),
    "bench-compare": (["-m", "benchmarks.compare"], "compare two results of bench (OLD, NEW)"),
    "fuzz": (["-m", "benchmarks.fuzz"], "read damaged mails, some the whole way (N=100000 SEED=)"),
    "faults": (
        ["-m", "benchmarks.faults"],
        "kill everything under load, then count (KILLS=200 SECONDS= SEED=)",
    ),
}


class Refusal(Exception):
    """Why it can't go on, in one sentence for the one at the keyboard."""


def main() -> int:
    """Become what the first word asks for, in an environment that is up to date."""
    word = sys.argv[1] if len(sys.argv) > 1 else "help"
    if word not in WORDS:
        return show_help(word)
    try:
        need_python()
        make_environment()
        install()
    except Refusal as refusal:
        print(f"KVV: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"KVV: can't make .venv: {error.strerror} ({error.filename}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    os.chdir(BASE)
    # In our place, so that a signal to us is a signal to it.
    return os.execv(PYTHON, [str(PYTHON), *WORDS[word][0], *sys.argv[2:]])


def show_help(word: str) -> int:
    """Say which words there are; 2 if another one was tried."""
    print("python3 scripts/kvv.py WORD, or make WORD\n")
    for name, (_arguments, meaning) in WORDS.items():
        print(f"  {name:15}{meaning}")
    return 0 if word in ("help", "--help", "-h") else 2


def need_python() -> None:
    """Raise `Refusal` where this Python is too old."""
    if sys.version_info < OLDEST:
        raise Refusal(f"Python {sys.version.split()[0]} is too old: KVV needs Python 3.11 or newer.")


def make_environment() -> None:
    """Make `.venv`; again where its Python is gone or it was never finished."""
    if PYTHON.exists() and answers():
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Refusal(
            f"Python's module venv is missing. Install it (Debian, Ubuntu: apt install python{version}-venv) "
            "and start again."
        )
    print("Making .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode:
        raise Refusal("the environment .venv could not be made; the lines above say why.")


def answers() -> bool:
    """Whether the environment's Python runs, is new enough and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.run([PYTHON, "-c", question], check=False, stderr=subprocess.DEVNULL).returncode == 0


def install() -> None:
    """Install what is locked and nothing else, unless that was done for just these locks."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in LOCKS)).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == digest:
        return
    print("Installing the packages (a minute or two, only when they changed) …", flush=True)
    STAMP.unlink(missing_ok=True)
    for lock in LOCKS:
        pip("install", "--require-hashes", "--progress-bar", "off", "-r", str(lock))
    strangers = installed() - locked()
    if strangers:
        pip("uninstall", "--yes", *sorted(strangers))
    STAMP.write_text(digest, encoding="ascii")


def pip(*arguments: str) -> None:
    """Let the environment's pip do something, and say which packages come; `Refusal` where it can't."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as working:
        for line in working.stdout or ():
            if line.startswith("Collecting "):
                print(f"  {line.split()[1]}", flush=True)
    if working.returncode:
        raise Refusal("the packages could not be installed; the lines above say why. Is there a network?")


def locked() -> set[str]:
    """The names of the packages that the locks have."""
    texts = (lock.read_text(encoding="utf-8") for lock in LOCKS)
    return {name for text in texts for name in re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)}


def installed() -> set[str]:
    """The names of the packages that are in the environment, as locks write them."""
    question = "import importlib.metadata as m; print(*{d.name for d in m.distributions()})"
    names = subprocess.run([PYTHON, "-c", question], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names.split()}


if __name__ == "__main__":
    sys.exit(main())
