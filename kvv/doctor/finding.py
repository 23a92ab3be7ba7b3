"""What a check found, and running checks so that none can hang or break the others."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.utils import translation

SECONDS_MOST = 20


class Level(StrEnum):
    """How well it is."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about one thing: what it is and, where it is not right, how to mend it."""

    level: Level
    name: str
    text: str


Check = Callable[[], Iterable[Finding]]


def fine(name: str, text: str) -> Finding:
    """A finding that all is as it should be."""
    return Finding(Level.OK, name, text)


def warning(name: str, text: str) -> Finding:
    """A finding about what works, but may be a trap."""
    return Finding(Level.WARNING, name, text)


def wrong(name: str, text: str) -> Finding:
    """A finding about what does not work, or will lose or show something."""
    return Finding(Level.WRONG, name, text)


def examine(checks: dict[str, Check], *, seconds: float = SECONDS_MOST) -> Iterator[Finding]:
    """Run the checks one after another and give what they find; nothing is raised, whatever they meet."""
    for name, check in checks.items():
        yield from _run(name, check, seconds=seconds)


def _run(name: str, check: Check, *, seconds: float) -> list[Finding]:
    """Run a check in a thread with a database line of its own: one that hangs is left to end with us."""
    findings: list[Finding] = []

    def work() -> None:
        try:
            with translation.override("en"):
                findings.extend(check())
        except Exception as error:  # noqa: BLE001  (whatever it is, the finding tells it; the others go on)
            findings.append(wrong(name, f"The check did not succeed: {_one_line(error)}"))
        finally:
            connection.close()

    thread = threading.Thread(target=work, daemon=True, name=f"doctor {name}")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return [*findings, wrong(name, f"There was no answer within {seconds:g} seconds.")]
    return findings


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
