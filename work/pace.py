"""How long another's server may let us wait: what it needs is counted against what it brought."""

import io
from dataclasses import dataclass
from time import monotonic

GRACE_SECONDS = 120
COMMAND_SECONDS = 5
BYTES_A_SECOND = 10_000


class TooSlowError(TimeoutError):
    """A server answers, but so slowly that it would hold us for ever."""


@dataclass(slots=True)
class Pace:
    """The seconds that we waited for a server, and those it may take: some, more for each answer and byte.

    A time-out for each read is not enough: a byte a minute holds a worker for as long as the server likes.
    """

    waited: float = 0
    allowed: float = GRACE_SECONDS

    def asked(self) -> None:
        """Something was asked, which takes a while to answer."""
        self.allowed += COMMAND_SECONDS

    def came(self, size: int, *, seconds: float) -> None:
        """So many bytes came after so long; raises `TooSlowError`."""
        self.waited += seconds
        self.allowed += size / BYTES_A_SECOND
        if self.waited > self.allowed:
            raise TooSlowError("answers too slowly")


class _Paced(io.RawIOBase):
    """A socket's file of which each read is counted."""

    def __init__(self, raw: io.RawIOBase, *, pace: Pace) -> None:
        self.raw, self.pace = raw, pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # all that BufferedReader gives
        begun = monotonic()
        size = self.raw.readinto(buffer)
        self.pace.came(size or 0, seconds=monotonic() - begun)
        return size

    def close(self) -> None:
        self.raw.close()
        super().close()


def paced(file: io.BufferedReader, *, pace: Pace) -> io.BufferedReader:
    """A socket's buffered file, whose reads keep a pace from now on; it is not to be used itself any more."""
    return io.BufferedReader(_Paced(file.detach(), pace=pace))
