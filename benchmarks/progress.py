"""How far a long run is, on stderr: stdout is the document's alone."""

import sys
import time
from collections.abc import Iterator
from typing import TypeVar

EACH_SECONDS = 20
T = TypeVar("T")

_began = time.monotonic()


def tell(text: str) -> None:
    """A line, with the seconds since the beginning."""
    print(f"{time.monotonic() - _began:7.1f} s  {text}", file=sys.stderr, flush=True)


def counted(rows: Iterator[T], *, what: str, of: int) -> Iterator[T]:
    """The same rows; tells now and then how many there were of how many."""
    told = time.monotonic()
    for number, row in enumerate(rows):
        if number % 1000 == 0 and time.monotonic() - told > EACH_SECONDS:
            told = time.monotonic()
            tell(f"{what}: {number} of {of}")
        yield row
    tell(f"{what}: {of}")
