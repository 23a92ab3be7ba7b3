"""What CI checks before the tests: `python3 scripts/kvv.py check`."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
# Settings of a server that is never started: the checks need no database.
ENVIRONMENT = {
    "SECRET_KEY": "nobody-uses-this-key-but-the-checks-0123456789-abcdefghij",
    "KVV_SECRET_KEYS": "nothing-is-sealed-with-this-key-0123456789-abcdefghij",
    "DATABASE_URL": "postgres://kvv@127.0.0.1:1/kvv",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "KVV_BASE_URL": "https://kvv.example",
    "KVV_HOSTS": "kvv.example",
    "KVV_VAR": str(BASE / "var" / "check"),
}
# What takes longest begins first.
CHECKS = {
    "types": ("-m", "mypy", "."),
    "code": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "arrows between the rooms": ("-c", "from importlinter.cli import lint_imports_command as run; run()"),
    "migrations": ("-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"),
    "Dutch": ("-m", "scripts.messages", "check"),
    "deployment": ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}


def main() -> int:
    """Run the checks, side by side as far as there are processors, and say which failed."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as at_once:
        for name, ran in zip(CHECKS, at_once.map(_run, CHECKS.values()), strict=True):
            print(f"— {name}\n{ran.stdout}", end="", flush=True)
            if ran.returncode:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def _run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE,
        env=os.environ | ENVIRONMENT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main())
