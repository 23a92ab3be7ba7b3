"""Afdrukken: a ticket, or one interaction of it, as a page that is made for paper."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from desk.writing.layout import allow_editor
from desk.writing.typed import read_number
from tickets.access import find_article
from tickets.models import Article, Attachment, Ticket
from tickets.queries.zoom import Numbered, number_of, numbered_articles
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
    if article_id is None:
        return numbered_articles(ticket)
    number = read_number(article_id)
    if number is None:
        raise Http404
    try:
        article = find_article(ticket=ticket, article_id=number)
    except Article.DoesNotExist as error:
        raise Http404 from error
    return [Numbered(number_of(article), article)]
