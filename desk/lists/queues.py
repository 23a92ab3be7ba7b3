"""Wachtrijoverzicht: the open tickets of my queues, or of one queue."""

from collections.abc import Collection

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Listing, Segment, listing, show
from desk.lists.place import Selection
from desk.lists.tree import Tree, queues_shown, tree_of
from tickets.queries.pages import page_of
from tickets.queries.which import AVAILABLE, OPEN


def select(request: AgentRequest, *, show: str, queue_id: int | None = None) -> Selection:
    """The open tickets of the agent's own queues, or of one queue and of those below it."""
    queues = queues_shown(rights=request.rights, queue_id=queue_id)
    if queue_id is not None and not queues:
        raise Http404
    return _selection(queues, show=show)


@require_safe
@agent_required
def queues(request: AgentRequest) -> HttpResponseBase:
    """The open tickets of the agent's own queues."""
    return _shown(request, _tree(request, None))


@require_safe
@agent_required
def queue(request: AgentRequest, queue_id: int) -> HttpResponseBase:
    """The open tickets of one queue and of those below it."""
    return _shown(request, _tree(request, queue_id))


def my_queues(request: AgentRequest) -> dict[str, object]:
    """What the page of the agent's own queues needs, where it stands behind a dialog."""
    tree = _tree(request, None)
    return {"listing": _listing(request, tree), "tree": tree, "choose_queues": _has_none(tree)}


def _tree(request: AgentRequest, queue_id: int | None) -> Tree:
    tree = tree_of(rights=request.rights, queue_id=queue_id)
    if queue_id is not None and tree.current is None:
        raise Http404
    return tree


def _selection(queues: Collection[int], *, show: str) -> Selection:
    return Selection(AVAILABLE if show == "available" else OPEN, queues, ListKind.QUEUES)


def _shown(request: AgentRequest, tree: Tree) -> HttpResponseBase:
    return show(request, _listing(request, tree), tree=tree, choose_queues=_has_none(tree))


def _has_none(tree: Tree) -> bool:
    """Whether the agent has no queues of their own, and asked for no other."""
    return tree.current is None and not tree.mine


def _listing(request: AgentRequest, tree: Tree) -> Listing:
    available = request.GET.get("show") == "available"
    selection = _selection(tree.shown, show=request.GET.get("show", ""))
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    counts = tree.my_counts if tree.current is None else tree.current.all_counts
    name = _("My queues") if tree.current is None else tree.current.name
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    return listing(
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
