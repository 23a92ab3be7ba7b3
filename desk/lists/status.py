"""Statusoverzicht: all open tickets of the queues I may read, or the archive."""

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import asked_of
from desk.lists.listing import listing, show
from desk.lists.place import Selection
from desk.lists.states import segments_by_state, state_or_404
from tickets.queries.counts import queue_counts
from tickets.queries.pages import page_of


def select(request: AgentRequest, *, show: str, which: str) -> Selection:
    """Open or closed tickets of every queue the agent may read."""
    state = state_or_404(which)
    return Selection(state.which, request.rights.visible, state.kind)


@require_safe
@agent_required
def status(request: AgentRequest, which: str) -> HttpResponseBase:
    """Open or closed tickets, newest first, of every queue the agent may read (OTRS 3.30)."""
    state, queues = state_or_404(which), request.rights.visible
    asked = asked_of(request, kind=state.kind, orders=state.which.orders, first="age:down")
    totals = queue_counts(rights=request.rights).of(*queues)
    counts = {"open": totals.open, "gesloten": totals.closed}
    page = page_of(state.which, actor=request.actor, queues=queues, wish=asked.wish)
    shown = listing(
        request,
        title=_("Status overview: %(state)s") % {"state": state.word},
        page=page,
        asked=asked,
        total=counts[which],
        segments=segments_by_state(
            counts, current=which, address=lambda name: reverse("desk:status", args=[name])
        ),
    )
    return show(request, shown)
