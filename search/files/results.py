"""What the child gives for a file. No Django here, and nothing of what reads documents."""

from dataclasses import dataclass
from typing import Final

TEXT_MOST: Final = 200_000
"""Characters of a file that count, from its beginning: as many as of a body."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """What a file says; `is_cut`: it says more."""

    text: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """There is no text to be had of it, however often it is tried; why, in a sentence."""

    reason: str


class UnreadableError(Exception):
    """A file is not what it should be; the text says why. Raised and caught in the child."""


class MoreError(Exception):
    """A file says more than is read of it. Raised after what was read of it, and caught in the child."""
