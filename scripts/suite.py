"""All tests, in parts that each say how long they took: `python3 scripts/kvv.py test`.

Dovecot and Chromium come from the system: installed by apt where that is allowed, else their tests are left
out and that is said at the end. With CI=true leaving them out fails.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from shutil import which

BASE = Path(__file__).resolve().parent.parent
PARTS = {
    "fast": "not committed and not mailserver and not browser",
    "committed": "committed and not mailserver and not browser",
    "mail servers": "mailserver",
    "browser": "browser",
}
NEEDS = {"mail servers": "dovecot", "browser": "chromium"}
PACKAGES = {"dovecot": ("dovecot-imapd", "dovecot-pop3d"), "chromium": ("chromium",)}
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
AT_ONCE = ("-n", "2")


def main() -> int:
    """Run the tests; with arguments, just pytest with them."""
    if sys.argv[1:]:
        return pytest(*sys.argv[1:])
    missing = missing_programs()
    failed, times = [], []
    for name, marks in PARTS.items():
        if NEEDS.get(name) in missing:
            continue
        began = time.monotonic()
        print(f"— {name}", flush=True)
        if pytest(*AT_ONCE, "-q", "-m", marks):
            failed.append(name)
        times.append(f"{name} {time.monotonic() - began:.0f} s")
    print(f"Times: {', '.join(times)}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    for program in missing:
        print(f"Not tested: {program} is not on this machine (apt install {' '.join(PACKAGES[program])}).")
    return 1 if failed or (missing and os.environ.get("CI")) else 0


def pytest(*arguments: str) -> int:
    """Its exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=BASE, check=False).returncode


def missing_programs() -> list[str]:
    """Which programs are still not there after installing those that may be installed."""
    wanted = [
        package for name, packages in PACKAGES.items() if not which(name, path=PATH) for package in packages
    ]
    if wanted and os.geteuid() == 0 and which("apt-get"):
        print(f"Installing {', '.join(wanted)} …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *wanted]):
            subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    return [name for name in PACKAGES if not which(name, path=PATH)]


if __name__ == "__main__":
    sys.exit(main())
