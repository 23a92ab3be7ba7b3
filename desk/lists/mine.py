"""What the figures in the title bar lead to: the tickets I locked, and those that I own."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Segment, listing, show
from desk.lists.place import Selection
from desk.words import counted
from tickets.queries.counted import followed_count
from tickets.queries.pages import page_of
from tickets.queries.which import locked_by, owned_by


def select_locked(request: AgentRequest, *, show: str) -> Selection:
    """The tickets the agent has locked."""
    return Selection(locked_by(request.user), request.rights.visible, ListKind.MINE)


def select_owned(request: AgentRequest, *, show: str) -> Selection:
    """The open tickets the agent owns."""
    return Selection(owned_by(request.user), request.rights.visible, ListKind.MINE)


LOCKED, OWNED, ASKED, FOLLOWED = "my_locked", "my_owned", "my_asked", "my_followed"
"""The names of the addresses of the lists that are an agent's own."""


@require_safe
@agent_required
def my_locked(request: AgentRequest) -> HttpResponseBase:
    """The tickets the agent has locked."""
    return _mine(request, select_locked(request, show=""), locked=True, title=_("My locked tickets"))


@require_safe
@agent_required
def my_owned(request: AgentRequest) -> HttpResponseBase:
    """The open tickets the agent owns."""
    return _mine(request, select_owned(request, show=""), locked=False, title=_("Tickets that I own"))


def _mine(request: AgentRequest, selection: Selection, *, locked: bool, title: str) -> HttpResponseBase:
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    counters = request.counters
    count = counters.locked if locked else counters.owned
    followed = followed_count(request.actor)
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    shown = listing(
        request,
        title=title,
        page=page,
        asked=asked,
        total=count if counters.are_whole else None,
        segments=segments_of_mine(request, followed=followed, current=LOCKED if locked else OWNED),
        empty_text=_("Tickets that you lock or answer appear here."),
    )
    return show(request, shown)


def segments_of_mine(request: AgentRequest, *, followed: int, current: str) -> list[Segment]:
    """One for each of these lists; but for those followed they are counted in the title bar."""
    counters = request.counters
    counts = {
        LOCKED: (_("locked"), counters.locked),
        OWNED: (_("owner"), counters.owned),
        ASKED: (pgettext("of tickets", "asked"), counters.asked),
        FOLLOWED: (_("followed"), followed),
    }
    return [
        Segment(word, counted(count), reverse(f"desk:{name}"), current=name == current)
        for name, (word, count) in counts.items()
    ]
