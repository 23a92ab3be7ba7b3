"""What a start says of itself: a line a step, with the seconds it took. The standard library only, without
anything that moves a cursor: it reads the same in a terminal and in a file.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper


def speak_any_language() -> None:
    """Let a terminal that has not all our signs show another in their place, instead of ending us."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str = "", *, end: str = "\n") -> None:
    """Say it at once. Who closed the terminal does not hear it, which must not keep us from our work."""
    with suppress(OSError):
        print(text, end=end, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and on the same line how long it took; a failure begins a line of its own."""
    began = time.monotonic()
    say(f"  {what} …", end="")
    try:
        yield
    except BaseException:
        say()
        raise
    say(f" {time.monotonic() - began:.0f} s")
