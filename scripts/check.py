"""What CI checks before the tests: `python3 scripts/kvv.py check`."""

import os
import subprocess
import sys
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
CHECKS = {
    "code": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy", "."),
    "arrows between the rooms": ("-c", "from importlinter.cli import lint_imports_command as run; run()"),
    "migrations": ("-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"),
    "Dutch": ("-m", "scripts.messages", "check"),
    "deployment": ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}


def main() -> int:
    """Run each check and say which failed."""
    failed = []
    for name, arguments in CHECKS.items():
        print(f"— {name}", flush=True)
        command = [sys.executable, *arguments]
        if subprocess.run(command, cwd=BASE, env=os.environ | ENVIRONMENT, check=False).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
