"""Opening a screen that needs the lock, and giving the lock back."""

from urllib.parse import urlencode

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, refusal_to_notice, ticket_or_404
from desk.lists.place import FROM, place_asked, with_place
from desk.screens.registry import BY_PATH
from desk.writing.typed import SEEN
from tickets.actions.lock import give_back_ticket, take_ticket


@require_POST
@agent_required
@refusal_to_notice
def take(request: AgentRequest, number: str, screen: str) -> HttpResponseBase:
    """Take lock and ownership, and go to the screen (OTRS 3.5)."""
    chosen = BY_PATH.get(screen)
    if chosen is None or not chosen.takes_lock:
        raise Http404
    ticket = ticket_or_404(request, number)
    take_ticket(actor=request.actor, ticket=ticket, right=chosen.right, now=timezone.now())
    asked = (SEEN, *chosen.asks)
    query = {name: request.POST[name][:20] for name in asked if request.POST.get(name)}
    if place := place_asked(request.POST):
        query[FROM] = place.token
    address = reverse(chosen.address, args=[number])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@require_POST
@agent_required
@refusal_to_notice
def cancel(request: AgentRequest, number: str) -> HttpResponseBase:
    """Leave a screen: lock and owner become what they were before it was opened."""
    ticket = ticket_or_404(request, number)
    give_back_ticket(actor=request.actor, ticket=ticket, now=timezone.now())
    ticket_page = with_place(reverse("desk:zoom", args=[number]), place_asked(request.POST))
    return redirect(f"{ticket_page}#inhoud")  # the focus goes there, too
