"""What the figures in the title bar lead to, and the tickets of one customer."""

from typing import Literal

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.listing import Asked, ListKind, Segment, listing, show, size_of
from desk.lists.status import CLOSED, OPEN, archive_asked, open_asked, page_of
from tickets.queries.counts import COUNT_MOST, customer_counts, my_counters
from tickets.queries.pages import OPEN_ORDERS, open_page
from tickets.queries.zoom import customer_of


@require_safe
@agent_required
def my_locked(request: AgentRequest) -> HttpResponseBase:
    """The tickets the agent has locked."""
    return _mine(request, mine="locked", title=_("My locked tickets"))


@require_safe
@agent_required
def my_owned(request: AgentRequest) -> HttpResponseBase:
    """The open tickets the agent owns."""
    return _mine(request, mine="owned", title=_("Tickets that I own"))


def _mine(request: AgentRequest, *, mine: Literal["locked", "owned"], title: str) -> HttpResponseBase:
    asked = Asked.of(request, kind=ListKind.MINE, orders=OPEN_ORDERS, first="age:up")
    page = open_page(
        actor=request.actor,
        queue_ids=sorted(request.rights.visible),
        mine=mine,
        sort=asked.sort,
        descending=asked.descending,
        size=size_of(request),
        cursor=asked.cursor,
    )
    counters = my_counters(request.actor)
    shown = listing(
        request,
        title=title,
        page=page,
        asked=asked,
        total=(counters.locked if mine == "locked" else counters.owned)
        if _is_whole(counters.owned)
        else None,
        segments=[
            Segment(_("locked"), counters.locked, reverse("desk:my_locked"), current=mine == "locked"),
            Segment(_("owner"), counters.owned, reverse("desk:my_owned"), current=mine == "owned"),
        ],
        empty_text=_("Tickets that you lock or answer appear here."),
    )
    return show(request, "desk/lists/list.html", {"listing": shown})


def _is_whole(count: int) -> bool:
    """Whether all were counted: at a thousand counting stops."""
    return count < COUNT_MOST


@require_safe
@agent_required
def customer_tickets(request: AgentRequest, customer_id: int, which: str) -> HttpResponseBase:
    """The tickets of one customer in the agent's queues; 404 for a customer of whom they see none."""
    if which not in (OPEN, CLOSED):
        raise Http404
    customer = customer_of(customer_id=customer_id, rights=request.rights)
    if customer is None:
        raise Http404
    closed = which == CLOSED
    asked = archive_asked(request) if closed else open_asked(request, first="age:up")
    counts = customer_counts(customer=customer, rights=request.rights)
    listed = counts.closed if closed else counts.open
    shown = listing(
        request,
        title=_("Tickets of %(customer)s") % {"customer": customer},
        page=page_of(request, asked, customer_id=customer.pk),
        asked=asked,
        total=listed if _is_whole(listed) else None,
        segments=[
            Segment(
                word, count, reverse("desk:customer_tickets", args=[customer.pk, name]), current=name == which
            )
            for name, word, count in ((OPEN, _("open"), counts.open), (CLOSED, _("closed"), counts.closed))
        ],
    )
    return show(request, "desk/lists/list.html", {"listing": shown})
