"""What runs in a standing child (see `work.child`): takes a request, calls its function, answers, and waits.

`python -m work.child_program OWNER CPU_SECONDS MEMORY_BYTES MODULE …`. A request is two lengths, the name of
a function and an item; an answer is a kind, a length and what it holds. The end of the requests is the end.
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
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pkgutil import resolve_name
from typing import Any, BinaryIO

REQUEST = struct.Struct(">HQ")
ANSWER = struct.Struct(">cQ")
READY, VALUE, ERROR, NO_MEMORY, NO_FUNCTION = b"r", b"v", b"e", b"m", b"f"
# Signals that end us by themselves, each for one cause, so that our owner can tell why we ended.
TOO_SLOW, OWNER_GONE = signal.SIGPROF, signal.SIGHUP
PR_SET_PDEATHSIG = 1


def main(owner: int, cpu_seconds: float, memory_bytes: int, *modules: str) -> None:
    """Serve until there are no more requests, or the owner is gone."""
    _end_with(owner)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.getLogger().addHandler(logging.NullHandler())  # what is to be told is in the answers
    requests, answers = _streams()
    _say(answers, READY, shape_of(modules).encode())
    while header := requests.read(REQUEST.size):
        name_length, length = REQUEST.unpack(header)
        name = requests.read(name_length).decode()
        kind, data = _answer(name, requests.read(length), cpu_seconds=cpu_seconds)
        _say(answers, kind, data)


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
    signal.signal(OWNER_GONE, signal.SIG_DFL)
    signal.signal(TOO_SLOW, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our owner may want to finish its batch
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
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


def _answer(name: str, item: bytes, *, cpu_seconds: float) -> tuple[bytes, bytes]:
    try:
        function = _function(name)
    except (ImportError, AttributeError, ValueError) as error:
        return NO_FUNCTION, str(error).encode()
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return VALUE, pickle.dumps(function(item), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return NO_MEMORY, b""
    except Exception as error:  # noqa: BLE001  (whatever it is, our owner is told)
        reason = f"{type(error).__name__}: {error}".replace("\0", "")
        return ERROR, f"{reason}\0{traceback.format_exc()}".encode(errors="backslashreplace")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _function(name: str) -> Callable[[bytes], Any]:
    function: Callable[[bytes], Any] = resolve_name(name)
    return function


def _say(answers: BinaryIO, kind: bytes, data: bytes) -> None:
    answers.write(ANSWER.pack(kind, len(data)))
    answers.write(data)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
