"""What can be done to a ticket from its row in the large view of a list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from desk.lists.place import Place, with_place
from desk.screens.registry import offered, pressable
from desk.writing.screen import Group
from tickets.actor import Actor
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Act:
    """A word that leads to a screen, or, by a form where it `posts`, does something at once."""

    word: str | Promise
    address: str
    posts: bool


def acts_on(ticket: Ticket, *, actor: Actor, place: Place) -> list[Act]:
    """What stands in the first row of the action bar of the ticket's own page, in its order.

    `place`: the list that leads to it; where an act posts, its form says that.
    """
    screens = offered(actor, ticket)
    first, near = (
        [
            Act(
                word=screen.words.action,
                address=reverse("desk:take", args=[ticket.number, screen.path])
                if screen.takes_lock
                else with_place(reverse(screen.address, args=[ticket.number]), place),
                posts=screen.takes_lock,
            )
            for screen in screens[group]
        ]
        for group in (Group.FIRST, Group.NEAR)
    )
    presses = [
        Act(word=press.words.action, address=reverse(press.address, args=[ticket.number]), posts=True)
        for press in pressable(actor, ticket, group=Group.NEAR)
    ]
    return [*first, *presses, *near]
