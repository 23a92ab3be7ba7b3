"""The screens and the presses: the only list of them. Addresses, action bars, opening with the lock and tests
read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk.screens import (
    asked,
    bounce,
    close,
    customer,
    fields,
    forward,
    link,
    lock,
    merge,
    move,
    new_email,
    new_phone,
    note,
    owner,
    phone,
    priority,
    reply,
    split,
    unread,
    wait,
    watch,
)
from desk.screens.new_ticket import AT as NEW
from desk.writing.press import Press
from desk.writing.screen import TICKET, Group, Screen
from tickets.actor import Actor
from tickets.models import Article, Ticket

SCREENS: Mapping[str, Screen[Any]] = {
    screen.name: screen
    for screen in (
        *(reply.screen, note.screen, close.screen),
        *(owner.screen, move.screen, wait.screen),
        *(priority.screen, fields.screen, link.screen, customer.screen, merge.screen),
        *(phone.call_to_customer, phone.call_of_customer),
        *(forward.screen, bounce.screen, split.by_phone, split.by_email),
        *(new_phone.screen, new_email.screen),
    )
}
"""Name → screen, in the order of the action bar."""

BY_PATH: Mapping[str, Screen[Any]] = {
    screen.path: screen for screen in SCREENS.values() if screen.at == TICKET
}
"""Where a screen of a ticket is → the screen."""

NEW_BY_PATH: Mapping[str, Screen[Any]] = {
    screen.path: screen for screen in SCREENS.values() if screen.at == NEW
}
"""Where a screen that makes a ticket out of nothing is → the screen."""

PRESSES: Mapping[str, Press] = {
    press.name: press
    for press in (
        *(lock.lock, lock.unlock, unread.unread),
        *(watch.watch, watch.unwatch),
        *(link.unlink, merge.undo, asked.press),
    )
}
"""Name → press, in the order of the action bar."""


def offered(actor: Actor, ticket: Ticket) -> dict[str, list[Screen[Any]]]:
    """Group → the screens that this actor can use on this ticket now."""
    screens = [screen for screen in SCREENS.values() if screen.is_offered(actor, ticket)]
    return {group: [screen for screen in screens if screen.group == group] for group in Group}


def on_article(screens: Sequence[Screen[Any]], article: Article) -> list[Screen[Any]]:
    """Those of these screens that make sense on this article."""
    return [screen for screen in screens if screen.suits(article)]


def pressable(actor: Actor, ticket: Ticket, *, group: Group) -> list[Press]:
    """The presses of a group that this actor can do to this ticket now."""
    return [press for press in PRESSES.values() if press.group == group and press.is_offered(actor, ticket)]
