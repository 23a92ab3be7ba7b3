"""Wachtrijoverzicht: the open tickets of my queues, or of one queue."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.listing import Asked, ListKind, Segment, listing, show, size_of
from desk.lists.tree import Tree, tree_of
from tickets.queries.pages import OPEN_ORDERS, open_page


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
    asked = Asked.of(request, kind=ListKind.QUEUES, orders=OPEN_ORDERS, first="age:up")
    available = request.GET.get("show") == "available"
    page = open_page(
        actor=request.actor,
        queue_ids=tree.shown,
        only_available=available,
        sort=asked.sort,
        descending=asked.descending,
        size=size_of(request),
        cursor=asked.cursor,
    )
    counts = tree.my_counts if tree.current is None else tree.current.all_counts
    name = _("My queues") if tree.current is None else tree.current.name
    shown = listing(
        request,
        title=_("Queue overview: %(queue)s") % {"queue": name},
        page=page,
        asked=asked,
        total=counts.available if available else counts.open,
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
    return show(request, "desk/lists/queues.html", {"listing": shown, "tree": tree, "choose_queues": choose})
