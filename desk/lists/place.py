"""The list that a ticket was opened from: 'Terug' leads there, and after an answer the next ticket of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.core.signing import BadSignature, Signer
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve, reverse

from desk.frame import AgentRequest
from desk.lists.asked import WAYS, Asked, ListKind
from tickets.models import Ticket
from tickets.queries.listed import Listed
from tickets.queries.pages import Wish, cursor_behind, ticket_behind
from tickets.queries.which import Which

FROM = "from"
"""What an address asks to say which list its ticket was opened from."""
TOKEN_MOST = 2400
"""Of a search with many words: an address may have 8,000; in it a sign that was written as three is five, and
nine in that of signing in."""
SIGNATURE_CHARACTERS = 22
"""132 bits: a list's page has this in each of its links, so that half of the usual must do."""
PLAIN = "/:?="
"""What the value of an address may have as it is."""
KEPT = ("show", "sort", "way", "until", "page")
"""What of a list's address says which tickets it has, and in which order."""
TO_DO = Which("t.state_type IN ('new', 'open') AND (NOT t.locked OR t.owner_id = %(me)s)")
"""What an agent can go on with: it neither waits nor does a colleague have it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tickets a list has, of which queues, and the kind of list that it is."""

    which: Which
    queues: Collection[int]
    kind: ListKind


Select = Callable[..., Selection]
"""A request, what the address of a list names, and what it asks to `show` → its tickets, or `Http404`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A list by its path, and the order it was shown in; where it is shown again, that order is asked for.

    `query`: all that its address asks, where that has a name more than once.
    """

    path: str
    asked: Mapping[str, str]
    query: str = ""

    @property
    def address(self) -> str:
        """The list's own address."""
        query = self.query or urlencode(self.asked)
        return f"{self.path}?{query}" if query else self.path

    @property
    def token(self) -> str:
        """As the addresses of its tickets carry it: signed, as a browser is led to it."""
        return _signer().sign(self.address)


def place_of_list(request: AgentRequest, asked: Asked) -> Place:
    """The list that a page shows, in the order that its agent likes."""
    way = next(word for word, descending in WAYS.items() if descending == asked.wish.descending)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return Place(request.path, kept | {"sort": asked.wish.sort, "way": way})


def place_asked(asked: QueryDict) -> Place | None:
    """The list that an address names; None for none, and for what is not signed by us."""
    token = asked.get(FROM, "")
    if not token or len(token) > TOKEN_MOST:
        return None
    try:
        path, _mark, query = _signer().unsign(token).partition("?")
    except BadSignature:
        return None
    return Place(path, dict(parse_qsl(query)), query)


def with_place(address: str, place: Place | None) -> str:
    """The address of a ticket, from which one gets back to where one was."""
    return f"{address}?{urlencode({FROM: place.token}, safe=PLAIN)}" if place else address


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a ticket stands in its list, noted before something is done to it."""

    place: Place
    selection: Selection
    wish: Wish

    def following(self, request: AgentRequest) -> Listed | None:
        """What comes next in the list that the agent can go on with, as it is now."""
        which = self.selection.which
        if self.selection.kind != ListKind.CLOSED:
            mine = replace(TO_DO, values={"me": request.user.pk}, by_index=which.by_index)
            which &= mine
        return ticket_behind(which, actor=request.actor, queues=self.selection.queues, wish=self.wish)


def selection_of(request: AgentRequest, place: Place, *, lists: Mapping[str, Select]) -> Selection | None:
    """Which tickets the list has; None where there is no such list, or it is shut to the agent."""
    try:
        match = resolve(place.path)
        select = lists.get(match.view_name)
        return select(request, show=place.asked.get("show", ""), **match.kwargs) if select else None
    except (Resolver404, Http404):
        return None


def spot_of(
    request: AgentRequest, ticket: Ticket, *, place: Place, lists: Mapping[str, Select]
) -> Spot | None:
    """Where the ticket stands in that list; None where there is no such list."""
    selection = selection_of(request, place, lists=lists)
    if selection is None:
        return None
    wish = Wish(size=1, sort=place.asked.get("sort", ""), descending=WAYS.get(place.asked.get("way", "")))
    cursor = cursor_behind(ticket.pk, which=selection.which, wish=wish)
    return Spot(place, selection, replace(wish, cursor=cursor))


def from_list(request: AgentRequest) -> str:
    """What the addresses of a ticket's screens carry on; '' where it was opened from no list."""
    place = place_asked(request.GET)
    return place.token if place else ""


def back_of(asked: QueryDict, ticket: Ticket) -> str:
    """Where 'Terug' leads: the list that the ticket was opened from, as its page's address says, else that of
    its queue."""
    place = place_asked(asked)
    return place.address if place else reverse("desk:queue", args=[ticket.queue_id])


class _ShortSigner(Signer):
    """Signs in fewer characters."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """The beginning of the whole one."""
        return super().signature(value, key)[:SIGNATURE_CHARACTERS]


def _signer() -> Signer:
    return _ShortSigner(salt="desk.lists.place")
