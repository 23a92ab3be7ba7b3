"""A screen that writes: a value that holds what differs from the others; `view.py` is the way of all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.functional import Promise

from desk.writing.about import About, Find, one_ticket
from desk.writing.forms import WritingForm
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.models import Ticket, Upload

F = TypeVar("F", bound=WritingForm)


class Group(StrEnum):
    """Where a screen stands in the ticket's action bar."""

    FIRST = "first"
    NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a screen says: in the action bar, as its title, on its button, beside it, and when it is done."""

    action: str | Promise
    title: str | Promise
    button: str | Promise
    notice: str | Promise
    icon: str
    button_icon: str = ""
    hint: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does it, to what, when, and with which files."""

    actor: Actor
    about: About
    uploads: tuple[Upload, ...]
    now: datetime


def always(actor: Actor, ticket: Ticket) -> bool:
    """Offered wherever the right is."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(Generic[F]):
    """A screen. `name` names its address, its drafts and its row in the tests' table; `path` ends the
    address.

    `takes_lock`: it is opened by a POST that takes lock and ownership, and no colleague may hold them (OTRS
    3.4). `fits` says whether it makes sense for a ticket, to be offered there; `look` is the class of its
    button in the action bar, `width` that of a dialog that needs more room.
    """

    name: str
    path: str
    group: Group
    right: str
    words: Words
    form: type[F]
    act: Callable[[Deed, F], Done]
    find: Find = one_ticket
    takes_lock: bool = True
    fits: Callable[[Actor, Ticket], bool] = always
    look: str = "act"
    width: str = ""

    @property
    def address(self) -> str:
        """The name of its address."""
        return f"desk:{self.name}"

    def is_offered(self, actor: Actor, ticket: Ticket) -> bool:
        """Whether this actor can use it on this ticket now; what they can't is not shown (OTRS 3.9)."""
        is_theirs = ticket.locked and ticket.owner is not None and ticket.owner != actor.agent
        is_free = not (self.takes_lock and is_theirs)
        return actor.may(self.right, ticket.queue_id) and is_free and self.fits(actor, ticket)
