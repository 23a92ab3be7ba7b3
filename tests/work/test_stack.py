"""Calls in a loop ask nothing of the system, however deep the loop runs."""

from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage

from work.stack import with_room

CALLS = 500
DEPTHS = range(5, 400)


def call_often() -> None:
    for _ in range(CALLS):
        do_nothing()


def do_nothing() -> None:
    """What is called."""


def at(depth: int, call: Callable[[], None]) -> None:
    if depth:
        at(depth - 1, call)
    else:
        call()


def pieces_asked_for(depth: int) -> int:
    """How often memory was given for the first time, which happens once for each piece of the stack."""
    before = getrusage(RUSAGE_SELF).ru_minflt
    at(depth, call_often)
    return getrusage(RUSAGE_SELF).ru_minflt - before


def test_without_room_some_depth_asks_at_every_call() -> None:
    assert max(pieces_asked_for(depth) for depth in DEPTHS) >= CALLS


def test_with_room_none_does() -> None:
    assert max(with_room(pieces_asked_for, depth) for depth in DEPTHS) < CALLS / 2
