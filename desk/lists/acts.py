"""What can be done to a ticket from its row in the large view of a list."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from desk.lists.place import Place, with_place
from desk.screens.registry import offered, pressable
from desk.writing.screen import Group, Screen
from tickets.actor import Actor
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Act:
    """A word that leads to a screen, or, by a form where it `posts`, does something at once."""

    word: str | Promise
    address: str
    posts: bool


def acts_on(ticket: Ticket, *, actor: Actor, place: Place | None) -> list[Act]:
    """What stands in the first row of the action bar of the ticket's own page, in its order.

    `place`: the list that leads to it; where an act posts, its form says that.
    """
    screens, presses = offered(actor, ticket), pressable(actor, ticket, group=Group.NEAR)
    return [
        *(_opening(screen, ticket, place=place) for screen in screens[Group.FIRST]),
        *(
            Act(word=press.words.action, address=reverse(press.address, args=[ticket.number]), posts=True)
            for press in presses
        ),
        *(_opening(screen, ticket, place=place) for screen in screens[Group.NEAR]),
    ]


def _opening(screen: Screen[Any], ticket: Ticket, *, place: Place | None) -> Act:
    """What opens a screen: a press that takes the lock, or a mere link."""
    if screen.takes_lock:
        address = reverse("desk:take", args=[ticket.number, screen.path])
    else:
        address = with_place(reverse(screen.address, args=[ticket.number]), place)
    return Act(word=screen.words.action, address=address, posts=screen.takes_lock)
