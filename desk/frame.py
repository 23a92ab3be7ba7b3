"""What every page of the agent's browser rests on: a signed-in agent, and what they may."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Agent
from queues.access import Rights, rights_of
from tickets.access import find_article, find_main_ticket
from tickets.actor import Actor
from tickets.errors import NotAllowed, Refusal
from tickets.models import Article, Ticket
from tickets.queries.counted import MyCounters, my_counters

UNPROCESSABLE = 422
"""The status of a form that comes back because something in it can't be done."""

P = ParamSpec("P")


class AgentRequest(HttpRequest):
    """What a request is once an agent is signed in. A type only.

    `rights` were read once for it; `actor` is the agent with these rights, as actions and lists take them;
    `counters` are read once, where they are asked for first.
    """

    user: Agent
    rights: Rights
    actor: Actor
    counters: MyCounters


View = Callable[Concatenate[AgentRequest, P], HttpResponseBase]


def agent_required(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let agents in, with their rights; send others to sign in; a lacking right becomes a 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Agent):
            return _to_sign_in(request)
        agents = cast("AgentRequest", request)
        agents.rights = rights_of(request.user)
        agents.actor = Actor.of(request.user, agents.rights)
        agents.counters = cast("MyCounters", SimpleLazyObject(partial(my_counters, agents.actor)))
        try:
            return view(agents, *args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)


def refusal_to_notice(view: View[P]) -> View[P]:
    """What can't be done now becomes a notice on the ticket's screen; a lacking right stays a 403."""

    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return away_to(request, reverse("desk:zoom", args=[kwargs["number"]]))

    return guarded


def ticket_or_404(request: AgentRequest, number: str) -> Ticket:
    """The ticket, or what it was merged into, if this agent may see it; else 404, as for none at all."""
    try:
        return find_main_ticket(number=number, rights=request.rights)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def article_or_404(ticket: Ticket, article_id: int) -> Article:
    """The article of a ticket that the agent may see; else 404."""
    try:
        return find_article(ticket=ticket, article_id=article_id)
    except Article.DoesNotExist as error:
        raise Http404 from error


def away_to(request: HttpRequest, address: str) -> HttpResponse:
    """Another page instead of what was asked for, also where htmx wanted a part of the one it is on."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def page_asked_for(request: HttpRequest) -> str:
    """The page of ours on which a form says by `back` that it stood, as a path; '' where it says none."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe and back.startswith("/") else ""


def page_of(request: HttpRequest) -> str:
    """The path of the page that a form or a button was on, by the browser's word; else the start."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, "")) if parts.netloc and parts.path else "/"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign in, and from there to what was asked for; of what was pressed, to the page that it stood on."""
    after = request.get_full_path() if request.method in ("GET", "HEAD") else page_of(request)
    return away_to(request, redirect_to_login(after).url)
