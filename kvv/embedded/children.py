"""Starting a program so that it never outlives the one who started it."""

import ctypes
import logging
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
LOCALE_VARIABLES = ("LANG", "LANGUAGE")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, as whom, with what, and which signal asks it to stop in an orderly way."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    uid: int | None = None
    gid: int | None = None
    log: Path | None = None
    cwd: Path | None = None
    extra: dict[str, str] = field(default_factory=dict)


def start(command: Command) -> subprocess.Popen[bytes]:
    """Run it as a child that is told to stop when we die, however we die; must be called by the main thread.

    The kernel forgets the death signal when the user changes, so it is asked for after that: Python runs
    `preexec_fn` last.
    """
    output = command.log.open("ab") if command.log else None
    try:
        return subprocess.Popen(  # noqa: S603  (our own servers, with arguments of our own)
            list(command.argv),
            env=dict(command.env) | command.extra,
            cwd=command.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            user=command.uid,
            group=command.gid,
            extra_groups=[] if command.uid is not None else None,
            process_group=0,
            preexec_fn=_die_with(os.getpid(), command.stop_signal),  # noqa: PLW1509  (one prctl; no threads yet)
        )
    finally:
        if output:
            output.close()


def clean_environment() -> dict[str, str]:
    """Our environment without the locale, which a machine may name but not have."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in LOCALE_VARIABLES and not name.startswith("LC_")
    }


def _die_with(parent: int, stop_signal: signal.Signals) -> "_Preparation":
    return _Preparation(parent=parent, stop_signal=stop_signal)


@dataclass(frozen=True, slots=True)
class _Preparation:
    """What a child does between fork and exec."""

    parent: int
    stop_signal: signal.Signals

    def __call__(self) -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(self.stop_signal), 0, 0, 0)
        if os.getppid() != self.parent:  # died in between: no signal will come any more
            os._exit(1)
