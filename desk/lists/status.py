"""Statusoverzicht: all open tickets of the queues I may read, or the archive."""

from datetime import datetime, time, timedelta

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.listing import Asked, ListKind, Segment, listing, show, size_of
from tickets.queries.counts import Counts, queue_counts
from tickets.queries.pages import CLOSED_ORDERS, OPEN_ORDERS, TicketPage, closed_page, open_page

OPEN, CLOSED = "open", "gesloten"


@require_safe
@agent_required
def status(request: AgentRequest, which: str) -> HttpResponseBase:
    """Open or closed tickets, newest first, of every queue the agent may read (OTRS 3.30)."""
    if which not in (OPEN, CLOSED):
        raise Http404
    counts = queue_counts(rights=request.rights).of(*request.rights.visible)
    closed = which == CLOSED
    asked = archive_asked(request) if closed else open_asked(request, first="age:down")
    shown = listing(
        request,
        title=_("Status overview: %(state)s") % {"state": _("closed") if closed else _("open")},
        page=page_of(request, asked),
        asked=asked,
        total=counts.closed if closed else counts.open,
        segments=_segments(counts, closed=closed),
    )
    return show(request, "desk/lists/list.html", {"listing": shown})


def open_asked(request: AgentRequest, *, first: str) -> Asked:
    """How open tickets are to be shown, wherever they are shown by state."""
    return Asked.of(request, kind=ListKind.OPEN, orders=OPEN_ORDERS, first=first)


def archive_asked(request: AgentRequest) -> Asked:
    """How the archive is to be shown: newest first, unless something else is asked."""
    return Asked.of(request, kind=ListKind.CLOSED, orders=CLOSED_ORDERS, first="closed:down")


def page_of(request: AgentRequest, asked: Asked, *, customer_id: int | None = None) -> TicketPage:
    """The page of open or closed tickets in all queues of the agent, or those of one customer."""
    if asked.kind == ListKind.CLOSED:
        return closed_page(
            actor=request.actor,
            queue_ids=sorted(request.rights.visible),
            customer_id=customer_id,
            sort=asked.sort,
            descending=asked.descending,
            size=size_of(request),
            cursor=asked.cursor,
            until=_until(request),
        )
    return open_page(
        actor=request.actor,
        queue_ids=sorted(request.rights.visible),
        customer_id=customer_id,
        sort=asked.sort,
        descending=asked.descending,
        size=size_of(request),
        cursor=asked.cursor,
    )


def _segments(counts: Counts, *, closed: bool) -> list[Segment]:
    return [
        Segment(_("open"), counts.open, reverse("desk:status", args=[OPEN]), current=not closed),
        Segment(_("closed"), counts.closed, reverse("desk:status", args=[CLOSED]), current=closed),
    ]


def _until(request: AgentRequest) -> datetime | None:
    """The end of the day to jump to."""
    try:
        day = parse_date(request.GET.get("until", "")[:10])
    except ValueError:
        return None
    if day is None or not 1990 <= day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(days=1))
