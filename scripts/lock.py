"""`make lock`: which release of every package is installed, and the digests of its files.

A `requirements*.in` names what KVV asks for, the `.txt` beside it all that comes along, for every Python and
machine that KVV runs on. What is locked stays as it is until its `.in` says otherwise; UPGRADE=1 takes the
newest of what the others bring.
"""

import os
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
NAMES = ("requirements-pip", "requirements", "requirements-run", "requirements-dev")
"""In this order: each keeps to what the one before it has."""
OLDEST_PYTHON = "3.11"


def main() -> int:
    """Write the locks; 1 where one can't be made, and uv says why."""
    for name in NAMES:
        command = [sys.executable, "-m", "uv", "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt"]
        command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-config"]
        command += ["--no-emit-index-url", "--custom-compile-command", "make lock", "--quiet"]
        if os.environ.get("UPGRADE"):
            command.append("--upgrade")
        if subprocess.run(command, cwd=BASE, check=False).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
