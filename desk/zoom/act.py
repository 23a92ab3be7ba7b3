"""`{% act screen %}`: the button or link that opens a screen, in an action bar of the ticket's page.

A page has twenty of them, which differ in what the ticket is called and in what the page has seen.
"""

from functools import cache
from typing import Any
from urllib.parse import quote

from django.template import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from desk.screens.registry import SCREENS
from desk.skeleton import Skeleton, hole
from desk.writing.screen import Screen

NUMBER = "NUMBER"
"""Stands for the ticket's number in an address that is made once."""


def act(context: Context, screen: Screen[Any], on: int | None = None) -> SafeString:
    """Of the page's ticket, or of the article `on` in it."""
    came_from = context["from_list"]
    made = _made(screen.name, language=get_language(), is_on=on is not None, is_from=bool(came_from))
    return made.filled(
        path=quote(context["ticket"].number),
        csrf=str(context["csrf_token"]),
        seen=str(context["seen_event"]),
        came_from=escape(came_from),
        on=str(on),
        opened_with=escape(context["opened_with"]),
    )


@cache
def _made(name: str, *, language: str | None, is_on: bool, is_from: bool) -> Skeleton:
    screen = SCREENS[name]
    route = reverse("desk:take", args=[NUMBER, screen.path]) if screen.takes_lock else ""
    address = route or reverse(screen.address, args=[NUMBER])
    context = {
        "screen": screen,
        "address": SafeString(address.replace(NUMBER, hole("path"))),
        "csrf_token": hole("csrf"),
        "seen_event": hole("seen"),
        "from_list": hole("came_from") if is_from else "",
        "on": hole("on") if is_on else "",
        "opened_with": hole("opened_with"),
    }
    return Skeleton("desk/zoom/_act.html", context)
