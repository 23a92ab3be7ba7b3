"""A child process that stands ready to work on bytes that strangers made, with little memory and little time.

Whatever they make the work do (turn for ever, eat memory, crash), it costs only the item it was done for: a
new child goes on with the items after it. Between two batches the child stays, so that a batch costs no
start. It gets no open file of ours, no connection and no secret: its environment is empty but for what Python
needs, and what it answers is taken only where it is made of known classes.

Each process has a child of its own, begun at its first item, so that a forked worker never shares one, and
its threads take turns. It ends with us, however we end. `work.child_program` is what runs in it.
"""

import atexit
import io
import logging
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from work.child_program import (
    ANSWER,
    ERROR,
    NO_FUNCTION,
    NO_MEMORY,
    OWNER_GONE,
    READY,
    REQUEST,
    TOO_SLOW,
    shape_of,
)

logger = logging.getLogger(__name__)

BASE = Path(__file__).resolve().parent.parent
START_SECONDS = 30
LEFT_MOST = 3
END_SECONDS = 5
BUFFERS_MOST = 500  # a call of the system takes 1,024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


class NoChild(Exception):
    """No child can be had. That is no fault of any item: the work has to wait."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an item may cost: seconds of the processor and of the clock, and bytes of address space."""

    cpu_seconds: float = 5
    wall_seconds: float = 30  # a busy machine takes longer for the five
    memory_bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an item has no result; `details`: the lines of the error, where it was one of the function's."""

    reason: str
    details: str = ""


class Child:
    """A standing child. `modules`: those whose classes its results may be made of, beside plain data."""

    def __init__(self, *, modules: Collection[str] = (), limits: Limits | None = None) -> None:
        self.modules, self.limits = frozenset(modules), limits or Limits()
        self._turn = threading.Lock()
        self._process: _Process | None = None
        _children.add(self)

    def work(self, function: str, items: Sequence[bytes]) -> list[Any]:
        """What the function ('package.module:name') gives for each item, in order, or a `Failed`.

        Raises `NoChild`.
        """
        with self._turn:
            try:
                results = self._work(function, items)
            except BaseException:  # it may be in the middle of an answer
                self._end()
                raise
            if self._process is not None and self._process.has_grown():
                self._end()
            return results

    def stop(self) -> None:
        """End the child that stands, if one does; the next item begins another."""
        with self._turn:
            self._end()

    def forget(self) -> None:
        """Leave the child to the process that we were forked from, as well as whoever held the lock there."""
        self._turn = threading.Lock()
        if self._process is not None:
            self._process.forget()
        self._process = None

    def _work(self, function: str, items: Sequence[bytes]) -> list[Any]:
        results: list[Any] = []
        left = 0
        while len(results) < len(items):
            process = self._standing()
            results += process.work(function, items[len(results) :])
            left += process.was_left
            if left > LEFT_MOST:
                raise NoChild("The child was ended again and again.")
        return results

    def _standing(self) -> "_Process":
        if self._process is None or not self._process.is_alive():
            self._end()
            self._process = _Process(self.modules, limits=self.limits)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


class _Process:
    """One running child, until an item ends it. `was_left`: it ended because the thread that began it did."""

    def __init__(self, modules: Collection[str], *, limits: Limits) -> None:
        self.modules, self.limits = modules, limits
        self.was_left = False
        self._waiting: deque[memoryview] = deque()  # what it is still to be given
        arguments = [os.getpid(), limits.cpu_seconds, limits.memory_bytes, *sorted(modules)]
        try:
            self._popen = subprocess.Popen(  # noqa: S603  (our own program, with arguments of our own)
                [sys.executable, "-m", "work.child_program", *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                cwd=BASE,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                process_group=0,
            )
        except OSError as error:
            raise NoChild(f"No child can be started: {error}") from error
        self._pipes = [pipe for pipe in (self._popen.stdin, self._popen.stdout) if pipe is not None]
        self._to, self._from = (pipe.fileno() for pipe in self._pipes)
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self._begin()

    def work(self, function: str, items: Sequence[bytes]) -> list[Any]:
        """The results of the items up to the last, or up to the one that ended it."""
        name, results = function.encode(), list[Any]()
        for item in items:
            self._waiting.append(memoryview(REQUEST.pack(len(name), len(item)) + name))
            if item:
                self._waiting.append(memoryview(item))
        try:
            while len(results) < len(items):
                results.append(self._result(*self._answer(seconds=self.limits.wall_seconds)))
        except TimeoutError:
            results.append(self._ended(f"It takes more than {self.limits.wall_seconds:g} s."))
        except MemoryError:
            results.append(self._ended(f"It needs more than {self.limits.memory_bytes // 2**20} MB."))
        except EOFError:
            reason = self._reason()
            if not self.was_left:
                results.append(self._ended(reason))
        return results

    def is_alive(self) -> bool:
        """Whether the child still runs."""
        return self._popen.poll() is None

    def has_grown(self) -> bool:
        """Whether the memory it holds on to leaves the next item less than half of what it may have."""
        try:
            pages = int(Path(f"/proc/{self._popen.pid}/statm").read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):  # it is gone, or this system does not tell
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") > self.limits.memory_bytes / 2

    def end(self) -> None:
        """Kill the child, and wait for it, so that it is no zombie."""
        self._close()
        self._popen.kill()
        self._popen.wait()

    def forget(self) -> None:
        """Let go of a child that belongs to the process which we were forked from."""
        self._close()
        self._popen.returncode = 0  # there is nothing to wait for

    def _begin(self) -> None:
        try:
            kind, shape = self._answer(seconds=START_SECONDS)
        except (EOFError, TimeoutError) as error:
            self.end()
            raise NoChild("The child does not start.") from error
        if kind != READY or shape.read().decode() != shape_of(self.modules):
            self.end()
            raise NoChild("The code was changed under this program: it must be started again.")

    def _answer(self, *, seconds: float) -> tuple[bytes, io.BytesIO]:
        """Kind and content of the next answer; raises `TimeoutError`, or `EOFError` where none comes."""
        until = time.monotonic() + seconds
        kind, length = ANSWER.unpack(self._read(ANSWER.size, until=until).read())
        if length > self.limits.memory_bytes:  # which it can't have
            raise EOFError
        return kind, self._read(length, until=until)

    def _result(self, kind: bytes, data: io.BytesIO) -> Any:
        if kind == ERROR:
            reason, _nul, details = data.read().decode().partition("\0")
            return Failed(reason, details)
        if kind == NO_MEMORY:
            raise MemoryError
        if kind == NO_FUNCTION:
            self.end()
            raise NoChild(data.read().decode())
        try:
            return _Known(data, modules=self.modules).load()
        except Exception as error:  # noqa: BLE001  (whatever it is, it is no result)
            return Failed(f"Its result can't be read: {error}")

    def _read(self, size: int, *, until: float) -> io.BytesIO:
        """So many bytes of what it says, while it is given what it can take."""
        data = io.BytesIO()
        if not size:
            return data
        data.seek(size - 1)
        data.write(b"\0")
        with data.getbuffer() as buffer:
            filled = 0
            while filled < size:
                if self._can_be_read(until=until):
                    read = os.readv(self._from, [buffer[filled:]])
                    if not read:
                        raise EOFError
                    filled += read
        data.seek(0)
        return data

    def _can_be_read(self, *, until: float) -> bool:
        """Wait until it says something, or takes something, of which it is given more then."""
        poller = select.poll()
        poller.register(self._from, select.POLLIN)
        if self._waiting:
            poller.register(self._to, select.POLLOUT)
        ready = dict(poller.poll(max(until - time.monotonic(), 0) * 1000))
        if not ready:
            raise TimeoutError
        if self._to in ready:
            self._give()
        return self._from in ready

    def _give(self) -> None:
        try:
            written = os.writev(self._to, list(islice(self._waiting, BUFFERS_MOST)))
        except BrokenPipeError:  # what it said before it ended can still be read
            self._waiting.clear()
            return
        while written:
            first = self._waiting.popleft()
            if len(first) > written:
                self._waiting.appendleft(first[written:])
            written -= min(len(first), written)

    def _reason(self) -> str:
        """Why it ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(END_SECONDS)
        self._popen.kill()  # where it only closed its end
        code = self._popen.wait()
        self.was_left = code == -OWNER_GONE
        if code == -TOO_SLOW:
            return f"It takes more than {self.limits.cpu_seconds:g} s."
        return f"Its process ended with {signal.Signals(-code).name if code < 0 else code}."

    def _ended(self, reason: str) -> Failed:
        self.end()
        logger.warning("a child was ended: %s", reason)
        return Failed(reason)

    def _close(self) -> None:
        for pipe in self._pipes:
            pipe.close()


class _Known(pickle.Unpickler):
    """Takes only what is made of the classes of some modules."""

    def __init__(self, data: io.BytesIO, *, modules: Collection[str]) -> None:
        super().__init__(data)
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        if module in self._modules and "." not in name:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a result.")


_children: "weakref.WeakSet[Child]" = weakref.WeakSet()


def _forget_all() -> None:
    for child in _children:
        child.forget()


def _stop_all() -> None:
    for child in _children:
        child.stop()


os.register_at_fork(after_in_child=_forget_all)
atexit.register(_stop_all)
