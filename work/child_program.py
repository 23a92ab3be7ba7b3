"""What runs in a standing child (see `work.child`): takes a batch, calls its function, answers, and waits.

Its arguments are its owner's id, the limits (see `Limits`), and the modules whose classes results are made
of. A request is the length of a function's name, the number of items, their lengths, the name, the items; an
answer is a kind, a length and what it holds. The end of the requests is the end.
"""

import ctypes
import logging
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import import_module
from pkgutil import resolve_name
from typing import Any, BinaryIO

REQUEST = struct.Struct(">HI")
ANSWER = struct.Struct(">cQ")
READY, RESULTS, NO_FUNCTION = b"r", b"v", b"f"
# What ends us, so that our owner can tell why we ended: a signal each, and the exit code for memory.
TOO_SLOW, TOO_LONG, OWNER_GONE = signal.SIGPROF, signal.SIGALRM, signal.SIGHUP
NO_MEMORY = 12
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an item has no result; `details`: the lines of the error, where it was one of the function's."""

    reason: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an item may cost: seconds of the processor and of the clock, and bytes of address space."""

    cpu_seconds: float = 5
    wall_seconds: float = 30  # a busy machine takes longer for the five
    memory_bytes: int = 512 * 1024 * 1024


START = "from work.child_program import main; main()"  # not by its name: its classes have to keep theirs


def main() -> None:
    """Serve until there are no more requests, or the owner is gone."""
    owner, cpu, wall, memory, *modules = sys.argv[1:]
    limits = Limits(cpu_seconds=float(cpu), wall_seconds=float(wall), memory_bytes=int(memory))
    _end_with(int(owner))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.getLogger().addHandler(logging.NullHandler())  # what is to be told is in the answers
    requests, answers = _streams()
    _say(answers, READY, shape_of(modules).encode())
    try:
        while header := requests.read(REQUEST.size):
            name, items = _request(requests, *REQUEST.unpack(header))
            _say(answers, *_answer(name, items, limits=limits))
    except MemoryError:
        os._exit(NO_MEMORY)  # who knows what is still whole


def shape_of(modules: Iterable[str]) -> str:
    """The fields of all data classes of these modules: owner and child must have them alike.

    They don't where KVV was upgraded under a program that still runs.
    """
    classes = [
        (module, name, [field.name for field in fields(value)])
        for module in sorted(modules)
        for name, value in sorted(vars(import_module(module)).items())
        if isinstance(value, type) and value.__module__ == module and is_dataclass(value)
    ]
    return repr(classes)


def _end_with(owner: int) -> None:
    """Be ended by the kernel when the thread that started us ends; until then by no signal to a group."""
    for number in (TOO_SLOW, TOO_LONG, OWNER_GONE):
        signal.signal(number, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM):  # our owner may want to finish its batch
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(OWNER_GONE), 0, 0, 0)
    if os.getppid() != owner:  # gone before we could ask
        sys.exit(1)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Requests and answers; what a library reads or prints is neither."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _request(requests: BinaryIO, name_length: int, count: int) -> tuple[str, list[bytes]]:
    lengths = struct.unpack(f">{count}Q", requests.read(8 * count))
    name = requests.read(name_length).decode()
    return name, [requests.read(length) for length in lengths]


def _answer(name: str, items: Iterable[bytes], *, limits: Limits) -> tuple[bytes, bytes]:
    try:
        function = _function(name)
    except (ImportError, AttributeError, ValueError) as error:
        return NO_FUNCTION, str(error).encode()
    try:
        results = [_result(function, item, limits=limits) for item in items]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return RESULTS, pickle.dumps(results, protocol=pickle.HIGHEST_PROTOCOL)


@cache
def _function(name: str) -> Callable[[bytes], Any]:
    function: Callable[[bytes], Any] = resolve_name(name)
    return function


def _result(function: Callable[[bytes], Any], item: bytes, *, limits: Limits) -> Any:
    """An item's result, or why there is none; the clocks begin anew, and end us where they run out."""
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    try:
        return function(item)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, our owner is told)
        lines = "".join(traceback.format_exception(error))
        return Failed(reason=f"{type(error).__name__}: {error}".replace("\0", ""), details=lines)


def _say(answers: BinaryIO, kind: bytes, data: bytes) -> None:
    answers.write(ANSWER.pack(kind, len(data)))
    answers.write(data)
    answers.flush()
