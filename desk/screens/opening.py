"""Opening a screen that needs the lock, giving the lock back, and the lock's own two buttons."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, refusal_to_notice, ticket_or_404
from desk.screens.registry import BY_PATH
from tickets.actions.lock import give_back_ticket, lock_ticket, take_ticket, unlock_ticket

PASSED_ON = ("article", "template", "all")


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
    query = {name: request.POST[name][:20] for name in PASSED_ON if request.POST.get(name)}
    address = reverse(chosen.address, args=[number])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@require_POST
@agent_required
@refusal_to_notice
def cancel(request: AgentRequest, number: str) -> HttpResponseBase:
    """Leave a screen: lock and owner become what they were before it was opened."""
    ticket = ticket_or_404(request, number)
    give_back_ticket(actor=request.actor, ticket=ticket, now=timezone.now())
    return redirect("desk:zoom", number)


@require_POST
@agent_required
@refusal_to_notice
def lock(request: AgentRequest, number: str) -> HttpResponseBase:
    """Vergrendel."""
    return _press(request, number, lock_ticket, _("The ticket is locked in your name."))


@require_POST
@agent_required
@refusal_to_notice
def unlock(request: AgentRequest, number: str) -> HttpResponseBase:
    """Ontgrendel."""
    return _press(
        request, number, unlock_ticket, _("The ticket is unlocked: everybody in the queue sees it again.")
    )


def _press(
    request: AgentRequest, number: str, action: Callable[..., object], notice: str
) -> HttpResponseBase:
    ticket = ticket_or_404(request, number)
    action(actor=request.actor, ticket=ticket, now=timezone.now())
    messages.success(request, notice)
    return redirect("desk:zoom", number)
