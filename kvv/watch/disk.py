"""How full the disk is that KVV's files are on, where this machine can know it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

FREE_PERCENT_LEAST = 5
FREE_BYTES_ENOUGH = 10 * 2**30


@dataclass(frozen=True, slots=True)
class Space:
    """A folder, and the bytes that are free and that there are in all on its disk."""

    folder: Path
    free: int
    total: int

    @property
    def is_nearly_full(self) -> bool:
        """Less than 5 % is free, and less than 10 GB: 5 % of a big disk is plenty."""
        return self.free * 100 < self.total * FREE_PERCENT_LEAST and self.free < FREE_BYTES_ENOUGH


def space_of(folder: Path) -> Space | None:
    """The space of a folder's disk; None where the folder is not there or not ours to see."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Space(folder=folder, free=usage.free, total=usage.total)
