#!/usr/bin/env python3
"""KVV's commands for a machine with nothing but Python 3.11 and git.

    python3 scripts/kvv.py run     start KVV with its own servers and a demo
    python3 scripts/kvv.py test    run all tests on servers of their own
    python3 scripts/kvv.py check   what CI checks before the tests
    python3 scripts/kvv.py bench   measure pages and ingest (TICKETS=1000)

Uses the standard library only: it makes the environment that all the rest runs in.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "requirements.digest"
REQUIREMENTS = (BASE / "requirements.txt", BASE / "requirements-dev.txt")
OLDEST = (3, 11)

CHECK_ENVIRONMENT = {
    "SECRET_KEY": "nobody-uses-this-key-but-the-checks-0123456789-abcdefghij",
    "DATABASE_URL": "postgres://kvv@127.0.0.1:1/kvv",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "KVV_BASE_URL": "https://kvv.example",
    "KVV_HOSTS": "kvv.example",
    "KVV_VAR": str(BASE / "var" / "check"),
}
CHECKS = (
    ("code", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("types", ("-m", "mypy", ".")),
    ("arrows between the rooms", ("-m", "importlinter.cli", "lint")),
    ("migrations", ("-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run")),
    ("Dutch", ("scripts/messages.py", "check")),
    ("deployment", ("manage.py", "check", "--deploy", "--fail-level", "WARNING")),
)
PARTS = (
    ("fast", "not committed and not mailserver and not browser"),
    ("committed", "committed and not mailserver and not browser"),
    ("mail servers", "mailserver"),
    ("browser", "browser"),
)
PROGRAMS = {"dovecot": ("dovecot-imapd", "dovecot-pop3d"), "chromium": ("chromium",)}
NO_TESTS = 5


def main() -> int:
    """Do what the first word asks."""
    commands = {"run": run, "test": test, "check": check, "bench": bench}
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked not in commands:
        print(__doc__)
        return 2
    if sys.version_info < OLDEST:
        print(f"KVV needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    os.chdir(BASE)
    if not make_environment():
        return 1
    return commands[asked](sys.argv[2:])


def run(_rest: list[str]) -> int:
    """Become the supervisor, so that a signal to us is a signal to it."""
    os.execv(PYTHON, [str(PYTHON), "-m", "kvv.embedded.supervisor"])


def check(_rest: list[str]) -> int:
    """Run each check and say which failed."""
    failed = []
    for name, arguments in CHECKS:
        print(f"— {name}", flush=True)
        if subprocess.run(
            [str(PYTHON), *arguments], env=os.environ | CHECK_ENVIRONMENT, check=False
        ).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def test(rest: list[str]) -> int:
    """Run the tests in parts and tell how long each took; with arguments, just pytest with them."""
    if rest:
        return subprocess.run([PYTHON, "-m", "pytest", *rest], check=False).returncode
    missing = install_programs()
    worst, times = 0, []
    for name, marks in PARTS:
        began = time.monotonic()
        print(f"— {name}", flush=True)
        command = [str(PYTHON), "-m", "pytest", "-n", "2", "-q", "-m", marks]
        result = subprocess.run(command, check=False).returncode
        worst = max(worst, 0 if result == NO_TESTS else result)
        times.append(f"{name} {time.monotonic() - began:.0f} s")
    print("Times: " + ", ".join(times) + ".")
    if missing:
        print(f"Not tested, because it is not on this machine: {', '.join(missing)}.")
        if os.environ.get("CI"):
            return 1
    return worst


def bench(rest: list[str]) -> int:
    """Measure."""
    return subprocess.run([PYTHON, "-m", "benchmarks.run", *rest], check=False).returncode


def make_environment() -> bool:
    """Make `.venv` with the pinned packages, once for each set of pins; False if that can't be done here."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in REQUIREMENTS)).hexdigest()
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == digest:
        return True
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        print(f"Python's venv is missing. Install it (on Debian: apt install python{version}-venv).")
        return False
    if not PYTHON.exists():
        print("Making .venv …", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode:
            print("Making .venv failed: see above.")
            return False
    print("Installing the packages (a minute or two, only when they changed) …", flush=True)
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        str(REQUIREMENTS[1]),
    ]
    if subprocess.run(command, check=False).returncode:
        print("Installing the packages failed: see above. Is there a network?")
        return False
    STAMP.write_text(digest, encoding="utf-8")
    return True


def install_programs() -> list[str]:
    """Install Dovecot and Chromium by apt where that is allowed; gives what is still missing."""
    wanted = [package for name, packages in PROGRAMS.items() if not which(name) for package in packages]
    if wanted and os.geteuid() == 0 and which("apt-get"):
        print(f"Installing {', '.join(wanted)} …", flush=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *wanted]):
            subprocess.run(command, env=os.environ | quiet, check=False, stdout=subprocess.DEVNULL)
    return [name for name in PROGRAMS if not which(name)]


def which(name: str) -> bool:
    """Whether a program is on the path, or where only root looks for it."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/usr/local/sbin"]
    return any(os.access(Path(folder) / name, os.X_OK) for folder in folders)


if __name__ == "__main__":
    sys.exit(main())
