"""`make audit`: which of the locked packages have known holes, by what PyPI says of each release.

Needs PyPI itself: a mirror often has the files alone.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-pip.txt", "requirements-dev.txt")
"""What is for development has all that KVV runs on."""
CLEAN, HOLES = 0, 1


@dataclass(frozen=True, slots=True)
class Audit:
    """What was said: of each hole one line, and which packages nothing could be learned of."""

    holes: tuple[str, ...]
    unknown: tuple[str, ...]


def main() -> int:
    """Ask and tell; 1 where there is a known hole. Where nobody answers, that is said and is no failure."""
    audits = [ask(lock) for lock in LOCKS]
    holes = [hole for audit in audits for hole in audit.holes]
    unknown = [name for audit in audits for name in audit.unknown]
    print(*holes, *[f"Nothing could be learned of {name}." for name in unknown], sep="\n")
    print(f"Known holes: {len(holes)}; nothing could be learned of {len(unknown)} packages.")
    return HOLES if holes else CLEAN


def ask(lock: str) -> Audit:
    """What PyPI says of all that a lock names; nothing is installed for it."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run(command, cwd=BASE, capture_output=True, check=False)
    try:
        return read(json.loads(done.stdout))
    except ValueError:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Audit(holes=(), unknown=(f"all of {lock} ({''.join(last)})",))


def read(report: dict[str, Any]) -> Audit:
    """A report of pip-audit, in JSON."""
    packages = report["dependencies"]
    holes = (
        f"{package['name']} {package['version']}: {hole['id']}, mended in {_versions(hole)}"
        for package in packages
        for hole in package.get("vulns", ())
    )
    unknown = (package["name"] for package in packages if "skip_reason" in package)
    return Audit(holes=tuple(holes), unknown=tuple(unknown))


def _versions(hole: dict[str, Any]) -> str:
    return " or ".join(hole["fix_versions"]) or "no release yet"


if __name__ == "__main__":
    sys.exit(main())
