"""What is installed is what somebody chose: each package at one release, each file by its digest."""

import re

import pytest

from scripts.audit import Audit, read
from scripts.packages import LOCKS, installed, locked
from tests.house.rooms import BASE

LOCKED = ("requirements-pip", "requirements", "requirements-run", "requirements-dev")
A_PACKAGE = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<release>\S+)(?: ; [^\\]+)? \\$")
A_DIGEST = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def releases(lock: str) -> dict[str, str]:
    """Name → release of a lock; fails at a line that is neither a package, its digest nor a remark."""
    found: dict[str, str] = {}
    digests = 1
    for line in (BASE / f"{lock}.txt").read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("#"):
            continue
        if package := A_PACKAGE.match(line):
            assert digests, f"no digest above {line}"
            found[package["name"]] = package["release"]
            digests = 0
        else:
            assert A_DIGEST.match(line), line
            digests += 1
    assert digests
    return found


def asked_for(lock: str) -> dict[str, str]:
    """Name → release of what its `.in` names itself."""
    text = (BASE / f"{lock}.in").read_text(encoding="utf-8")
    asked = re.findall(r"^([A-Za-z][\w.-]*)(?:\[[\w,-]+\])?==(\S+)$", text, re.MULTILINE)
    lines = [line for line in text.splitlines() if not line.startswith(("#", "-"))]
    assert len(asked) == len(lines), "each names one release"
    return {re.sub(r"[-_.]+", "-", name).lower(): release for name, release in asked}


@pytest.mark.parametrize("lock", LOCKED)
def test_what_is_asked_for_is_locked_by_digest_with_all_that_it_brings(lock: str) -> None:
    assert asked_for(lock).items() <= releases(lock).items()


def test_the_locks_agree() -> None:
    pip, product, run, develop = map(releases, LOCKED)
    assert product.items() <= run.items()
    assert {**pip, **run}.items() <= develop.items()


def test_every_way_to_install_compares_digests() -> None:
    for file in ("scripts/packages.py", "Dockerfile"):
        text = (BASE / file).read_text(encoding="utf-8")
        asks = [line for line in text.splitlines() if re.search(r"install\W.*(?:-r|requirements)", line)]
        assert asks
        assert all("--require-hashes" in line for line in asks)


def test_the_front_door_reads_the_locks() -> None:
    assert tuple(f"{name}.txt" for name in LOCKED if name != "requirements") == LOCKS
    assert locked() == {*releases("requirements-pip"), *releases("requirements-dev")}
    assert {"django", "whitenoise", "pip"} <= installed()


def test_an_audit_tells_holes_from_what_nobody_knows() -> None:
    report = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]},
            {"name": "old", "version": "4", "vulns": [{"id": "CVE-2", "fix_versions": []}]},
            {"name": "far", "skip_reason": "not found"},
        ]
    }
    assert read(report) == Audit(
        holes=("bad 2: CVE-1, mended in 3", "old 4: CVE-2, mended in no release yet"), unknown=("far",)
    )
