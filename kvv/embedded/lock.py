"""The lock of an installation: only one program at a time starts its servers, or throws their data away."""

import fcntl
from pathlib import Path
from typing import TextIO


def take_lock(var: Path) -> TextIO:
    """Take the lock, which is held until this file is closed; BlockingIOError where somebody has it."""
    file = (var / "supervisor.lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file
