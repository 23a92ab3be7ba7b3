"""How fast this machine is while something runs on it, so that a time can be compared with one elsewhere."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORDS = 30_000
EVERY_SECONDS = 1.0
REFERENCE_SECONDS = 0.008


@contextmanager
def pace() -> Iterator[Callable[[], float]]:
    """Gives how many times as long as on the machine of the budgets Python takes meanwhile; at least 1.

    Looked at each second, for tests wait for the memory as much as for the processor, and who else uses
    that is seen only while it is used. A faster machine makes no budget smaller: tests wait for more than
    those two.
    """
    seconds, is_done = [_seconds()], threading.Event()

    def look() -> None:
        while not is_done.wait(EVERY_SECONDS):
            seconds.append(_seconds())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield lambda: max(1.0, statistics.median(seconds) / REFERENCE_SECONDS)
    finally:
        is_done.set()
        watcher.join()


def _seconds() -> float:
    """Of this thread alone: that it waits for a processor is the tests' load, not the machine's pace."""
    began = time.thread_time()
    words = {f"{number * 7919 % WORDS:x}": number for number in range(WORDS)}
    sorted(words, key=words.__getitem__, reverse=True)
    return time.thread_time() - began
