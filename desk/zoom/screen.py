"""The ticket: what was said, what can be done, and what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from queues.models import QueuePermission
from queues.texts import templates_of
from tickets.actions.seen import mark_seen
from tickets.history import history_of
from tickets.models import Article, Ticket
from tickets.queries.also_received import also_received
from tickets.queries.counted import CustomerCounts, customer_counts
from tickets.queries.zoom import conversation_of, events_of
from tickets.showing.body import ShownArticle, shown_articles

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True)
class Allowed:
    """What this agent may do with this ticket now; what they may not is left out of the page (OTRS 3.9)."""

    answer: bool
    note: bool
    close: bool
    move: bool
    lock: bool
    unlock: bool
    settle: bool


@require_safe
@agent_required
def zoom(request: AgentRequest, number: str) -> HttpResponseBase:
    """Show the ticket, and remember that the agent has read it."""
    ticket = ticket_or_404(request, number)
    articles, was_also_received = conversation_of(ticket)
    if articles:
        mark_seen(agent=request.user, ticket=ticket, upto=articles[-1].pk)
    allowed = allowed_to(request, ticket)
    also = also_received(ticket, rights=request.rights) if was_also_received else []
    return render(
        request,
        "desk/zoom/zoom.html",
        {
            "ticket": ticket,
            "articles": articles,
            "shown": _shown(request, articles),
            "one": request.GET.get("show") == "one",
            "allowed": allowed,
            "also": also,
            "linked": [place.ticket for place in also if place.ticket],
            "templates": templates_of(ticket.queue) if allowed.answer else [],
            "answer": _newest_of_customer(articles),
            **_customer_box(request, ticket),
        },
    )


@require_safe
@agent_required
def history(request: AgentRequest, number: str) -> HttpResponseBase:
    """What happened to the ticket, and when, and by whom."""
    ticket = ticket_or_404(request, number)
    return render(
        request, "desk/zoom/history.html", {"ticket": ticket, "lines": history_of(events_of(ticket))}
    )


def allowed_to(request: AgentRequest, ticket: Ticket) -> Allowed:
    """The actions that are open to this agent."""
    rights = request.rights
    everything = rights.may(Right.ALL, ticket.queue_id)
    theirs = ticket.locked and ticket.owner_id not in (None, request.user.pk)
    free = everything and not theirs
    return Allowed(
        answer=free,
        note=rights.may(Right.NOTE, ticket.queue_id),
        close=free and ticket.is_open,
        move=free and len(rights.ids(Right.MOVE_INTO)) > 1,
        lock=free and not ticket.locked,
        unlock=everything and ticket.locked,
        settle=everything,
    )


def _shown(request: AgentRequest, articles: Sequence[Article]) -> list[ShownArticle]:
    """The bodies, newest first; one of them opened: the one asked for, else the newest of the customer."""
    wanted = request.GET.get("article", "")
    chosen = next((article for article in articles if str(article.pk) == wanted), None)
    return shown_articles(articles, opened=chosen or _newest_of_customer(articles), active=_active(request))


def _newest_of_customer(articles: Sequence[Article]) -> Article | None:
    customers = [article for article in articles if article.sender_type == Article.SenderType.CUSTOMER]
    candidates = customers or articles
    return candidates[-1] if candidates else None


def _active(request: AgentRequest) -> str:
    return request.GET.get("active", "")[:20]


def _customer_box(request: AgentRequest, ticket: Ticket) -> dict[str, object]:
    if ticket.customer is None:
        return {"counts": CustomerCounts(), "addresses": []}
    return {
        "counts": customer_counts(customer=ticket.customer, rights=request.rights),
        "addresses": list(ticket.customer.addresses.all()[:10]),
    }
