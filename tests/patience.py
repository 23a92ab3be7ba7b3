"""Waiting for what another thread or process does."""

import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 60


def until(is_true: Callable[[], bool]) -> float:
    """Look again and again; gives after how many seconds it was true."""
    began = time.monotonic()
    while not is_true():
        assert time.monotonic() - began < PATIENCE_SECONDS, "it did not happen"
        threading.Event().wait(0.03)
    return time.monotonic() - began
