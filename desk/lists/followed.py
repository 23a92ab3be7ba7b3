"""The tickets that I follow, in whatever state they are (OTRS 3.32)."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import listing, show
from desk.lists.mine import FOLLOWED, segments_of_mine
from desk.lists.place import Selection
from tickets.queries.counted import followed_count, is_whole
from tickets.queries.pages import page_of
from tickets.queries.which import followed_by


def select(request: AgentRequest, *, show: str) -> Selection:
    """The tickets the agent follows."""
    return Selection(followed_by(request.user), request.rights.visible, ListKind.MINE)


@require_safe
@agent_required
def my_followed(request: AgentRequest) -> HttpResponseBase:
    """The tickets the agent follows and may read."""
    selection = select(request, show="")
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    count = followed_count(request.actor)
    segments = segments_of_mine(request, followed=count, current=FOLLOWED)
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    shown = listing(
        request,
        title=_("Followed tickets"),
        page=page,
        asked=asked,
        total=count if is_whole(count) else None,
        segments=segments,
        empty_title=_("You follow no ticket"),
        empty_text=_("A ticket that you follow appears here, whoever works on it."),
    )
    return show(request, shown)
