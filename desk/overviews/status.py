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
from desk.overviews.listing import Asked, Segment, listing, show, size_of
from tickets.queries.counts import Counts, queue_counts
from tickets.queries.pages import CLOSED_ORDERS, OPEN_ORDERS, closed_page, open_page

OPEN, CLOSED = "open", "gesloten"


@require_safe
@agent_required
def status(request: AgentRequest, which: str) -> HttpResponseBase:
    """Open or closed tickets, newest first, of every queue the agent may read (OTRS 3.30)."""
    if which not in (OPEN, CLOSED):
        raise Http404
    visible = sorted(request.rights.visible)
    counts = queue_counts(rights=request.rights).of(*visible)
    asked = Asked.of(request)
    closed = which == CLOSED
    orders, default = (CLOSED_ORDERS, "closed") if closed else (OPEN_ORDERS, "age")
    sort = asked.sort if asked.sort in orders else default
    descending = orders[sort].descending if asked.descending is None else asked.descending
    if not closed and sort == default and asked.descending is None:
        descending = True
    size = size_of(request)
    if closed:
        page = closed_page(
            rights=request.rights,
            agent=request.user,
            queue_ids=visible,
            sort=sort,
            descending=descending,
            size=size,
            cursor=asked.cursor,
            until=_until(request),
        )
    else:
        page = open_page(
            rights=request.rights,
            agent=request.user,
            queue_ids=visible,
            sort=sort,
            descending=descending,
            size=size,
            cursor=asked.cursor,
        )
    shown = listing(
        request,
        title=_("Status overview: %(state)s") % {"state": _("closed") if closed else _("open")},
        page=page,
        sort=sort,
        descending=descending,
        closed=closed,
        total=counts.closed if closed else counts.open,
        segments=_segments(counts, closed=closed),
    )
    return show(request, "desk/overviews/list.html", {"listing": shown})


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
