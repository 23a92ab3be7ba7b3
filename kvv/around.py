"""What stands around pages that agents and strangers get alike: errors, second factor, the demo's mail."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from accounts.middleware import way_to_settle
from accounts.models import Agent
from desk.frame import page_of

DESK, PUBLIC = "base_agent.html", "base_public.html"
SIGN_IN = "/accounts/"


@dataclass(frozen=True, slots=True)
class Around:
    """The template that such a page extends, and the ways out of one that says no; '' where there is none.

    `ticket`: the one in the page's own address. It is there for those alone who were let in so far.
    `before`: where the browser says that it came from; of a page about a ticket, that ticket.
    """

    frame: str
    ticket: str
    before: str
    before_is_ticket: bool

    @property
    def is_desk(self) -> bool:
        """Whether it stands in the agents' frame, with the menu."""
        return self.frame == DESK


def around(request: HttpRequest, *figures: object) -> Around:
    """What is around a page of this request; `figures`: what else the agents' frame shows, read lazily."""
    before, before_is_ticket = _before(request)
    return Around(
        frame=DESK if _is_shown_the_desk(request, *figures) else PUBLIC,
        ticket=_ticket_of(request.resolver_match),
        before=before,
        before_is_ticket=before_is_ticket,
    )


def _is_shown_the_desk(request: HttpRequest, *figures: object) -> bool:
    """Whether an agent looks at it who may see all there is, and all that can be read now.

    A page that says what went wrong must not go wrong itself. htmx shows none of it, see `refused.js`.
    """
    if request.headers.get("HX-Request"):
        return False
    try:
        is_in = isinstance(getattr(request, "user", None), Agent) and way_to_settle(request) is None
        return is_in and all(figures)
    except Error:
        return False


def _before(request: HttpRequest) -> tuple[str, bool]:
    try:
        page = page_of(request)
    except DisallowedHost:
        return "", False
    if page in ("/", request.get_full_path()) or page.startswith(SIGN_IN):
        return "", False
    try:
        ticket = _ticket_of(resolve(urlsplit(page).path))
    except Resolver404:
        return "", False
    return (ticket, True) if ticket else (page, False)


def _ticket_of(match: ResolverMatch | None) -> str:
    """The address of the ticket that an address is about."""
    number = match.kwargs.get("number") if match is not None and match.namespace == "desk" else None
    return reverse("desk:zoom", args=[number]) if number else ""
