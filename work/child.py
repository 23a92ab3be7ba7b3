"""A child process that stands ready to work on bytes that strangers made, with little memory and little time.

Whatever they make the work do (turn for ever, eat memory, crash), it costs only the item it was done for: the
others of its batch are worked on again without it, in a new child. Between two batches the child stays, so
that a batch costs no start. It gets no open file of ours, no connection and no secret: its environment is
empty but for what Python needs, and what it answers is taken only where it is made of known classes.

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
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from work.child_program import (
    ANSWER,
    NO_FUNCTION,
    NO_MEMORY,
    OWNER_GONE,
    READY,
    REQUEST,
    START,
    TOO_LONG,
    TOO_SLOW,
    Failed,
    Limits,
    shape_of,
)

__all__ = ["Child", "Failed", "Killed", "Limits", "NoChild"]

logger = logging.getLogger(__name__)

BASE = Path(__file__).resolve().parent.parent
START_SECONDS = 30
END_SECONDS = 5
LEFT_MOST = 3
BUFFERS_MOST = 500  # a call of the system takes 1,024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


class NoChild(Exception):
    """No child can be had. That is no fault of any item: the work has to wait."""


@dataclass(frozen=True, slots=True)
class Killed(Failed):
    """An item has no result because the child was killed while it worked on this one alone, and not by us.

    As by the kernel, where the machine has no memory left, or by an operator. What an item may cost ends the
    child in other ways, so that this is no fault of the item's: it can be tried again.
    """


class _EndedError(Exception):
    """There are no results, because of one of the items; the text says why.

    `was_left`: not because of an item, but because the thread that began the child has ended; `was_killed`:
    somebody else killed it.
    """

    def __init__(self, reason: str, *, was_left: bool = False, was_killed: bool = False) -> None:
        super().__init__(reason)
        self.was_left, self.was_killed = was_left, was_killed

    def result(self) -> Failed:
        """What an item gets that was alone with the child."""
        return Killed(str(self)) if self.was_killed else Failed(str(self))


class Child:
    """A standing child. `modules`: those whose classes its results may be made of, beside plain data."""

    def __init__(self, *, modules: Collection[str] = (), limits: Limits | None = None) -> None:
        self.modules, self.limits = {*modules, Failed.__module__}, limits or Limits()
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
        """End it; the next item begins another."""
        with self._turn:
            self._end()

    def kill(self) -> None:
        """End it under whoever works with it, as at our own end."""
        if self._process is not None:
            self._process.end()

    def forget(self) -> None:
        """Leave it to the process that we were forked from, as well as whoever held the lock there."""
        self._turn = threading.Lock()
        if self._process is not None:
            self._process.forget()
        self._process = None

    def _work(self, function: str, items: Sequence[bytes]) -> list[Any]:
        """All at once; where that gives no results, each alone, to find the one whose fault it is."""
        if not items:
            return []
        for _time in range(LEFT_MOST):
            try:
                return self._standing().work(function, items)
            except _EndedError as error:
                self._end()
                if error.was_left:
                    continue
                if len(items) > 1:
                    return [result for item in items for result in self._work(function, [item])]
                logger.warning("a child was ended: %s", error)
                return [error.result()]
        raise NoChild("The child was ended again and again.")

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
    """One running child."""

    def __init__(self, modules: Collection[str], *, limits: Limits) -> None:
        self.modules, self.limits = modules, limits
        costs = [limits.cpu_seconds, limits.wall_seconds, limits.memory_bytes]
        arguments = [os.getpid(), *costs, *sorted(modules)]
        try:
            self._popen = subprocess.Popen(  # noqa: S603  (our own program, with arguments of our own)
                [sys.executable, "-c", START, *map(str, arguments)],
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
        """A result for each item; raises `_EndedError` where there are none, and `NoChild`."""
        name, lengths = function.encode(), struct.pack(f">{len(items)}Q", *map(len, items))
        # The child ends itself in time; this is for one that can't.
        until = time.monotonic() + self.limits.wall_seconds * len(items) + END_SECONDS
        self._write([REQUEST.pack(len(name), len(items)), lengths, name, *items], until=until)
        kind, data = self._answer(until=until)
        if kind == NO_FUNCTION:
            raise NoChild(data.read().decode())
        try:
            results = _Known(data, modules=self.modules).load()
        except Exception as error:  # (whatever it is, it is no result)
            raise _EndedError(f"Its result can't be read: {error}") from error
        if not isinstance(results, list) or len(results) != len(items):
            raise _EndedError("It gave no result.")
        return results

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._popen.poll() is None

    def has_grown(self) -> bool:
        """Whether the memory it holds on to leaves the next item less than half of what it may have."""
        try:
            pages = int(Path(f"/proc/{self._popen.pid}/statm").read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):  # it is gone, or this system does not tell
            return False
        return pages * os.sysconf("SC_PAGE_SIZE") > self.limits.memory_bytes / 2

    def end(self) -> None:
        """Kill it, and wait for it, so that it is no zombie."""
        self._close()
        self._popen.kill()
        self._popen.wait()

    def forget(self) -> None:
        """Let go of a child that belongs to the process which we were forked from."""
        self._close()
        self._popen.returncode = 0  # there is nothing to wait for

    def _begin(self) -> None:
        try:
            kind, shape = self._answer(until=time.monotonic() + START_SECONDS)
        except _EndedError as error:
            self.end()
            raise NoChild(f"The child does not start: {error}") from error
        if kind != READY or shape.read().decode() != shape_of(self.modules):
            self.end()
            raise NoChild("The code was changed under this program: it must be started again.")

    def _answer(self, *, until: float) -> tuple[bytes, io.BytesIO]:
        """Kind and content of the next answer."""
        kind, length = ANSWER.unpack(self._read(ANSWER.size, until=until).read())
        if length > self.limits.memory_bytes:  # which it can't have
            raise _EndedError("Its result is too long.")
        return kind, self._read(length, until=until)

    def _write(self, data: Iterable[bytes], *, until: float) -> None:
        waiting = deque(memoryview(piece) for piece in data if piece)
        while waiting:
            self._wait(self._to, select.POLLOUT, until=until)
            try:
                written = os.writev(self._to, list(islice(waiting, BUFFERS_MOST)))
            except BrokenPipeError as error:
                raise self._why_it_ended() from error
            while written:
                first = waiting.popleft()
                if len(first) > written:
                    waiting.appendleft(first[written:])
                written -= min(len(first), written)

    def _read(self, size: int, *, until: float) -> io.BytesIO:
        data = io.BytesIO()
        if not size:
            return data
        data.seek(size - 1)
        data.write(b"\0")
        with data.getbuffer() as buffer:
            filled = 0
            while filled < size:
                self._wait(self._from, select.POLLIN, until=until)
                read = os.readv(self._from, [buffer[filled:]])
                if not read:
                    raise self._why_it_ended()
                filled += read
        data.seek(0)
        return data

    def _wait(self, file: int, what: int, *, until: float) -> None:
        poller = select.poll()
        poller.register(file, what)
        if not poller.poll(max(until - time.monotonic(), 0) * 1000):
            raise _EndedError("It comes to no end.")

    def _why_it_ended(self) -> _EndedError:
        try:
            code = self._popen.wait(END_SECONDS)
        except subprocess.TimeoutExpired:  # it only closed its end
            return _EndedError("It comes to no end.")
        if code == -signal.SIGKILL:
            return _EndedError("Its process was killed.", was_killed=True)
        reasons = {
            NO_MEMORY: f"It needs more than {self.limits.memory_bytes // 2**20} MB.",
            -TOO_SLOW: f"It takes more than {self.limits.cpu_seconds:g} s.",
            -TOO_LONG: f"It takes more than {self.limits.wall_seconds:g} s.",
        }
        name = signal.Signals(-code).name if code < 0 else str(code)
        return _EndedError(reasons.get(code, f"Its process ended with {name}."), was_left=code == -OWNER_GONE)

    def _close(self) -> None:
        for pipe in self._pipes:
            pipe.close()


class _Known(pickle.Unpickler):
    """Takes only what is made of the classes that some modules define: nothing that could do anything."""

    def __init__(self, data: io.BytesIO, *, modules: Collection[str]) -> None:
        super().__init__(data)
        self._modules = modules

    def find_class(self, module: str, name: str) -> Any:
        value = super().find_class(module, name) if module in self._modules else None
        if isinstance(value, type) and (value.__module__, value.__qualname__) == (module, name):
            return value
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a result.")


_children: "weakref.WeakSet[Child]" = weakref.WeakSet()


def _forget_all() -> None:
    for child in _children:
        child.forget()


def _kill_all() -> None:
    for child in _children:
        child.kill()


os.register_at_fork(after_in_child=_forget_all)
atexit.register(_kill_all)
