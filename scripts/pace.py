"""How fast this machine is now, so that a time can be compared with one measured elsewhere."""

import statistics
import time

ROUNDS = 500_000
REFERENCE_SECONDS = 0.0125
TRIES = 15


def pace() -> float:
    """How many times as long as on the machine of the budgets the same Python takes here now; at least 1.

    A faster machine makes no budget smaller: the processor is not all that tests wait for.
    """
    return max(1.0, statistics.median(_seconds() for _try in range(TRIES)) / REFERENCE_SECONDS)


def _seconds() -> float:
    began, total = time.perf_counter(), 0
    for number in range(ROUNDS):
        total += number
    return time.perf_counter() - began
