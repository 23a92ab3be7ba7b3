"""Afdrukken: a ticket, or one interaction of it, as a page that is made for paper."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, article_or_404, ticket_or_404
from desk.writing.layout import allow_editor
from desk.writing.typed import read_number
from desk.zoom.attachments import file_addresses
from tickets.models import Ticket
from tickets.queries.free_fields import free_facts
from tickets.queries.zoom import Numbered, number_of, numbered_articles
from tickets.showing.paper import on_paper


@require_safe
@agent_required
def paper(request: AgentRequest, number: str) -> HttpResponseBase:
    """All that was said, without what the customer does not see where that is asked; or one article alone.

    Its HTML brings inline styles, as a quotation in an editor does.
    """
    ticket = ticket_or_404(request, number)
    article_id, with_notes = request.GET.get("article"), request.GET.get("notes") != "no"
    if article_id is None:
        articles = numbered_articles(ticket, with_notes=with_notes)
    else:
        articles = [_one(ticket, article_id=read_number(article_id))]
    context = {
        "ticket": ticket,
        "addresses": ticket.customer.addresses.all()[:10] if ticket.customer else [],
        "free": free_facts(ticket),
        "articles": on_paper(articles, address=file_addresses(ticket)),
        "is_whole": article_id is None,
        "with_notes": with_notes,
    }
    return allow_editor(request, render(request, "desk/zoom/paper.html", context))


def _one(ticket: Ticket, *, article_id: int | None) -> Numbered:
    article = article_or_404(ticket, article_id or 0)
    return Numbered(number_of(article), article)
