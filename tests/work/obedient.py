"""What the tests have a standing child do, by a word; and a program that owns one."""

import os
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OBEY = "tests.work.obedient:obey"
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Said:
    """What a result may be made of."""

    word: str


def obey(item: bytes) -> Any:
    """Do what the word says; what is none comes back."""
    if len(item) > WORD_MOST:
        return item
    word = item.decode()
    return WORDS[word]() if word in WORDS else Said(word)


def _turn_for_ever() -> None:
    while True:
        pass


def _fall_silent() -> None:
    """Close all that leads to the owner, and go on."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    threading.Event().wait()


def _fail() -> None:
    raise ValueError("no")


def _files() -> list[str]:
    return [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.exists()]


WORD_MOST = 30
KEPT: list[bytearray] = []
WORDS: dict[str, Callable[[], Any]] = {
    "turn for ever": _turn_for_ever,
    "wait for ever": lambda: threading.Event().wait(),
    "eat memory": lambda: [bytearray(MB) for _mb in range(1000)],
    "keep memory": lambda: KEPT.append(bytearray(150 * MB)),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "be killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "fall silent": _fall_silent,
    "leave": lambda: os._exit(3),
    "fail": _fail,
    "pid": os.getpid,
    "a stranger's class": OrderedDict,
    "a function": lambda: obey,
    "nothing to keep": lambda: lambda: None,
    "files": _files,
    "names": lambda: sorted(os.environ),
    "print": lambda: print("no answer", flush=True),  # noqa: T201  (as a library might)
}


def main(what: str) -> None:
    """The owner: tells its child's id, and is killed while that works; or is forked, and both tell it."""
    from work.child import Child  # noqa: PLC0415  (the child has no use for it)

    child = Child(modules=["tests.work.obedient"])
    if what == "busy":
        print(*child.work(OBEY, [b"pid"]), flush=True)  # noqa: T201  (it speaks to the test)
        child.work(OBEY, [b"wait for ever"])
    else:
        before = child.work(OBEY, [b"pid"])
        forked = os.fork()
        print(*before, *child.work(OBEY, [b"pid"]), flush=True)  # noqa: T201  (as above)
        if not forked:
            sys.exit()
        os.waitpid(forked, 0)


if __name__ == "__main__":
    main(sys.argv[1])
