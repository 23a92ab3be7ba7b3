"""A program that is killed and started again. All of this happens in the main thread: the kernel's death
signal belongs to the thread that started a child."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from kvv.embedded.children import Command, start

AGAIN_SECONDS = 0.3


@dataclass(slots=True)
class Program:
    """One of them. `is_ready` says whether it answers; `on_start` is done before each start."""

    command: Command
    is_ready: Callable[[], bool] = lambda: True
    on_start: Callable[[], None] = lambda: None
    again_at: float = 0.0
    process: "Popen[bytes] | None" = field(default=None)

    @property
    def name(self) -> str:
        """What it is called in the counts."""
        return self.command.name

    def start(self) -> None:
        """Start it now."""
        self.on_start()
        self.process, self.again_at = start(self.command), 0.0

    def is_alive(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def has_children(self) -> bool:
        """Whether it has started processes of its own."""
        return self.process is not None and bool(children_of(self.process.pid))

    def kill(self, *, away_seconds: float) -> None:
        """Kill it and all its children, as a machine's power would; it comes back after so many seconds."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.again_at = time.monotonic() + away_seconds

    def kill_children(self, *, most: int) -> int:
        """Kill up to `most` of its children only, and give how many there were."""
        killed = 0
        for child in children_of(self.process.pid if self.process else 0)[:most]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                killed += 1
        return killed

    def look_after(self) -> None:
        """Start it again when its time has come; one that ended by itself is started soon."""
        if self.is_alive():
            return
        now = time.monotonic()
        if not self.again_at:
            self.again_at = now + AGAIN_SECONDS
        elif now >= self.again_at:
            self.start()

    def stop(self) -> None:
        """End it, with its children, for good."""
        if self.is_alive() and self.process is not None:
            self.process.send_signal(self.command.stop_signal)
            with suppress(Exception):
                self.process.wait(timeout=5)
        self.kill(away_seconds=0)


def children_of(parent: int) -> list[int]:
    """The direct children of a process, by /proc."""
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            after_name = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                children.append(int(status.parent.name))
    return children
