"""Afdrukken: a ticket, or one interaction of it, as a page that is made for paper."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from desk.writing.layout import allow_editor
from tickets.models import Attachment, Ticket
from tickets.queries.zoom import Numbered, numbered_articles
from tickets.showing.paper import on_paper


@require_safe
@agent_required
def paper(request: AgentRequest, number: str) -> HttpResponseBase:
    """All that was said, or the article asked for; its HTML brings inline styles, as a quotation does."""
    ticket = ticket_or_404(request, number)

    def address(file: Attachment) -> str:
        return reverse("desk:attachment", args=[ticket.number, file.pk])

    articles = _asked_for(ticket, article_id=request.GET.get("article"))
    addresses = ticket.customer.addresses.all()[:10] if ticket.customer else []
    shown = render(
        request,
        "desk/zoom/paper.html",
        {"ticket": ticket, "articles": on_paper(articles, address=address), "addresses": addresses},
    )
    return allow_editor(request, shown)


def _asked_for(ticket: Ticket, *, article_id: str | None) -> list[Numbered]:
    articles = numbered_articles(ticket)
    if article_id is None:
        return articles
    one = [numbered for numbered in articles if str(numbered.article.pk) == article_id]
    if not one:
        raise Http404
    return one
