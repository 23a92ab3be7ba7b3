"""Wachtrijoverzicht: the open tickets of my queues, or of one queue."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Segment, listing, show
from desk.lists.tree import Tree, tree_of
from tickets.queries.pages import page_of
from tickets.queries.which import AVAILABLE, OPEN


@require_safe
@agent_required
def queues(request: AgentRequest) -> HttpResponseBase:
    """The open tickets of the agent's own queues."""
    return _overview(request, tree_of(rights=request.rights, queue_id=None))


@require_safe
@agent_required
def queue(request: AgentRequest, queue_id: int) -> HttpResponseBase:
    """The open tickets of one queue and of those below it."""
    tree = tree_of(rights=request.rights, queue_id=queue_id)
    if tree.current is None:
        raise Http404
    return _overview(request, tree)


def _overview(request: AgentRequest, tree: Tree) -> HttpResponse:
    available = request.GET.get("show") == "available"
    which = AVAILABLE if available else OPEN
    asked = asked_of(request, kind=ListKind.QUEUES, orders=which.orders)
    counts = tree.my_counts if tree.current is None else tree.current.all_counts
    name = _("My queues") if tree.current is None else tree.current.name
    page = page_of(which, actor=request.actor, queues=tree.shown, wish=asked.wish)
    shown = listing(
        request,
        title=_("Queue overview: %(queue)s") % {"queue": name},
        page=page,
        asked=asked,
        total=counts.available if available else counts.open,
        new=counts.new,
        segments=[
            Segment(_("All tickets"), counts.open, "?show=all", current=not available),
            Segment(_("Tickets available"), counts.available, "?show=available", current=available),
        ],
        empty_title=_("Everything has been answered"),
        empty_text=_(
            "There are no open tickets in %(queue)s. Load the page again to see if there are new ones."
        )
        % {"queue": name},
    )
    choose = tree.current is None and not tree.mine
    return show(request, shown, tree=tree, choose_queues=choose)
