"""Voor jou: the tickets about which a colleague asked me something."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import listing, show
from desk.lists.mine import ASKED, segments_of_mine
from desk.lists.place import Selection
from tickets.queries import which
from tickets.queries.asked import asked_in_vain
from tickets.queries.counted import followed_count, is_whole
from tickets.queries.pages import page_of


def select(request: AgentRequest, *, show: str) -> Selection:
    """The tickets about which the agent was asked something that is not done yet."""
    return Selection(which.asked_of(request.user), request.rights.visible, ListKind.MINE)


@require_safe
@agent_required
def my_asked(request: AgentRequest) -> HttpResponseBase:
    """The tickets that the agent was asked about and may read, and whom they have asked in vain."""
    selection = select(request, show="")
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    count = request.counters.asked
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    shown = listing(
        request,
        title=_("For you"),
        page=page,
        asked=asked,
        total=count if is_whole(count) else None,
        segments=segments_of_mine(request, followed=followed_count(request.actor), current=ASKED),
        empty_title=_("Nobody asked you anything"),
        empty_text=_("A ticket about which a colleague asks you something appears here."),
    )
    return show(request, shown, in_vain=asked_in_vain(request.actor))
