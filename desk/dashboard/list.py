"""All tickets of a tab of the dashboard, as a list."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.preferences import preferences_of
from desk.dashboard.arrangement import arranged
from desk.dashboard.boxes import BY_NAME
from desk.dashboard.for_you import FOR_YOU
from desk.dashboard.tickets import Reach, Tab, TicketBox, is_whole, tab_counts
from desk.frame import AgentRequest, agent_required
from desk.lists import for_me
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Segment, listing, show
from desk.lists.place import Selection
from tickets.queries.pages import page_of
from tickets.queries.which import any_of


def tab_named(name: str) -> tuple[TicketBox, Tab] | None:
    """The tab that an address shows, as 'nieuw:alle'; None for none, and for nonsense."""
    box, _colon, tab = name.partition(":")
    found = BY_NAME.get(box)
    return (found, Tab(tab)) if isinstance(found, TicketBox) and tab in Tab else None


def select_shown(request: AgentRequest, *, show: str) -> Selection:
    """The tickets of the box from which one was opened on the dashboard; without one, of all its boxes."""
    if not show:
        return _select_all(request)
    if show == FOR_YOU:
        return for_me.select(request, show="")
    return Reach.of(request).selection(*_tab_or_404(show))


def _select_all(request: AgentRequest) -> Selection:
    """What any box shows, each of them in the tab that its agent chose."""
    reach, places = Reach.of(request), arranged(preferences_of(request.user))
    boxes = [placed.box for placed in places if placed.is_shown]
    shown = [reach.selection(box, reach.tab(box)) for box in boxes if isinstance(box, TicketBox)]
    if any(box.name == FOR_YOU for box in boxes):
        shown.append(for_me.select(request, show=""))
    which = any_of((each.which, each.queues) for each in shown)
    return Selection(which, reach.visible, ListKind.OPEN)


def select(request: AgentRequest, *, show: str, box: str, tab: str) -> Selection:
    """The tickets of a tab."""
    return Reach.of(request).selection(*_tab_or_404(f"{box}:{tab}"))


@require_safe
@agent_required
def box_list(request: AgentRequest, box: str, tab: str) -> HttpResponseBase:
    """The tickets of a tab, and how many its neighbours have."""
    (shown, current), reach = _tab_or_404(f"{box}:{tab}"), Reach.of(request)
    selection = reach.selection(shown, current)
    first = f"{shown.sort}:{shown.way}"
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders, first=first)
    counts = tab_counts(request, reach, [shown])
    count = counts[shown.name, current]
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    found = listing(
        request,
        title=str(shown.title),
        page=page,
        asked=asked,
        total=count if is_whole(shown, current, count) else None,
        segments=[
            Segment(each.label, counts[box, each], reverse("desk:box", args=[box, each]), each == current)
            for each in Tab
        ],
        empty_title=_("None"),
        empty_text=_("Look at the other tabs, or load the page again."),
    )
    return show(request, found)


def _tab_or_404(name: str) -> tuple[TicketBox, Tab]:
    found = tab_named(name)
    if found is None:
        raise Http404
    return found
