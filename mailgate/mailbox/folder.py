"""What a place on a mail server looks like to the one who fetches, whatever it speaks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from blobs.spool import Spool
from mailgate.mailbox.leases import renew
from mailgate.models import InboundMessage, Mailbox

BEGINNING_BYTES = 1024 * 1024
SIZE_MOST = 2**62  # of what a server says of itself; a column takes no more


class MailboxError(Exception):
    """The mailbox can't be read; the text is one translated sentence that says what to mend."""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A message that is to be fetched.

    `is_old`: it was there before the mailbox was confirmed, or the database put back.
    """

    number: int
    size: int
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came, or its first 1 MB where `size` bytes of it came: too many, or all we asked for.

    What the server said of its size plays no part.
    """

    raw: Spool
    size: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where old and new part at this moment: fields of the mailbox, or the names of all that is old.

    `is_exact` is False where the server gives no names that could be told apart later.
    """

    values: dict[str, object] = field(default_factory=dict)
    identities: list[str] = field(default_factory=list)
    is_exact: bool = True


class Folder(ABC):
    """An opened folder (IMAP) or maildrop (POP3). A message's number is its UID, or its place in the list.

    Whatever the server does wrong is raised as what its protocol's library raises; `open_folder` makes a
    `MailboxError` of it.
    """

    way: InboundMessage.Way
    can_wait = False
    can_resume = True  # whether a poll may stop halfway: the next one then goes on from there

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    @property
    def scope(self) -> str:
        """What identities begin with. Another account has the same row, but may have the same UIDs."""
        generation = self.mailbox.generation
        return f"{self.mailbox.pk}.{generation}" if generation else str(self.mailbox.pk)

    def keep(self) -> None:
        """Renew the lease if a third of it is over; called after each piece that a slow line has brought.

        Raises `LeaseLost`.
        """
        until = self.mailbox.leased_until
        if until is not None and until - timezone.now() < settings.MAILBOX_LEASE * 2 / 3:
            renew(self.mailbox)

    def start(self) -> dict[str, object]:
        """Fields of the mailbox to be written before anything is fetched."""
        return {}

    @abstractmethod
    def count(self) -> int:
        """How many messages are there."""

    @abstractmethod
    def boundary(self) -> Boundary:
        """Where old and new part."""

    @abstractmethod
    def numbers(self) -> list[int]:
        """The messages that may be new, in the server's order; those that the mark covers are left out."""

    @abstractmethod
    def identity(self, number: int) -> str | None:
        """What makes this message this one, for ever; None where just its bytes can tell."""

    def is_fetched_again(self, arrived: datetime | None) -> bool:
        """Whether we may have had it before the database was put back: then nobody gets a reaction to it."""
        quiet = self.mailbox.quiet_before
        return quiet is not None and arrived is not None and arrived < quiet

    def identity_of(self, raw: Spool) -> str:
        """What makes a message this one, for ever, where only its bytes can tell."""
        return f"{self.scope}:digest:{raw.sha256.hex()}"

    @abstractmethod
    def unfetched(self, numbers: Sequence[int]) -> list[Unfetched]:
        """Those that are still there and are to be fetched, in order."""

    @abstractmethod
    def read(self, numbers: Sequence[int]) -> dict[int, Message]:
        """Each message that is still there and can be read, without changing it.

        One of which more than the limit comes is given in part.
        """

    @abstractmethod
    def read_beginning(self, number: int) -> Message | None:
        """A message that is said to be too big for us, in part if it is; None where it can't be read now."""

    @abstractmethod
    def was_told(self, number: int) -> bool:
        """Whether an earlier poll has told the server about it already."""

    @abstractmethod
    def tell(self, numbers: Iterable[int]) -> None:
        """Do with messages that are kept what the mailbox says."""

    @abstractmethod
    def mark(self, number: int) -> dict[str, object]:
        """Fields of the mailbox that say: all up to this message are settled, look no further back.

        They stay before a message that could not be read, so that each poll asks for it again.
        """

    def idling(self, *, wake: int) -> AbstractContextManager[Callable[[float], bool]]:
        """Let the server tell of arrivals, where `can_wait`.

        Gives a function that waits for at most so many seconds, or until the file `wake` can be read, and
        says whether the server has something to tell.
        """
        raise NotImplementedError
