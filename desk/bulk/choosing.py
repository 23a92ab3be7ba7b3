"""The tickets that are ticked in a list, on one page of it or on several."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from desk.bulk.verbs import BETWEEN, BULK, DO, PART, VERBS, verb_named
from desk.frame import AgentRequest, agent_required, away_to, page_asked_for
from desk.writing.typed import read_id, read_number
from tickets.bulks import TICKETS_MOST, choose, find_bulk
from tickets.errors import BadInput
from tickets.models import Bulk

ADDRESS_MOST = 500


@require_POST
@agent_required
def choose_tickets(request: AgentRequest) -> HttpResponseBase:
    """Note down what is ticked, and go to the screen; to the list again where nothing is."""
    back = _list_of(page_asked_for(request))
    try:
        bulk = choose(
            actor=request.actor,
            chosen=dict(_chosen(request)),
            bulk=_chosen_before(request),
            leads_to=back,
        )
    except BadInput as refusal:
        messages.warning(request, refusal.message)
        return away_to(request, back or reverse("desk:queues"))
    verb = request.POST.get("do", "")
    address = reverse(f"desk:{verb_named(verb).screen}", args=[bulk.submission])
    return redirect(f"{address}?{urlencode({DO: verb})}" if verb in VERBS else address)


def _list_of(page: str) -> str:
    """The list by its address, without the tickets that one may have come to choose more to."""
    path, mark, query = page.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != BULK]
    address = f"{path}{mark}{urlencode(kept)}" if kept else path
    return address if len(address) <= ADDRESS_MOST else path[:ADDRESS_MOST]


def _chosen(request: AgentRequest) -> Iterator[tuple[str, int]]:
    """Ticket's number → the newest event that the list had shown of it: of the ticks of this page, or with
    one tick all of it, and of those on other pages, which a script remembers."""
    ticks = request.POST.getlist("t")
    if "all" in request.POST:
        ticks += request.POST.get("page", "").split(BETWEEN)
    ticks += request.POST.get("elsewhere", "").split(BETWEEN)
    for tick in ticks[: TICKETS_MOST * 3]:
        number, _part, event = tick.partition(PART)
        if number.isascii() and number.isdigit():
            yield number, read_number(event) or 0


def _chosen_before(request: AgentRequest) -> Bulk | None:
    """Those that one went to choose more to."""
    submission = read_id(request.POST.get("bulk", ""))
    try:
        return find_bulk(submission, actor=request.actor) if submission else None
    except Bulk.DoesNotExist:
        return None
