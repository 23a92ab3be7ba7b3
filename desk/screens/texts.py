"""Finding a standard answer while one writes, and what it says for the ticket at hand."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.screens.registry import BY_PATH, NEW_BY_PATH
from desk.writing.about import About
from desk.writing.screen_form import Writing
from desk.writing.standard import StandardTexts
from desk.writing.typed import read_number
from queues.texts import TextPlace
from richtext.convert import html_to_text
from tickets.access import find_answerable
from tickets.letters.answering import standard_text
from tickets.models import Article, Ticket
from tickets.queries.previous_customer import is_of_another_customer

PREVIEW_MOST = 200


@require_safe
@agent_required
def find_texts(request: AgentRequest, screen: str, number: str = "") -> HttpResponseBase:
    """At most ten lines for what was typed, each with the beginning of what it says.

    Without the number of a ticket, for a screen that makes one: the fields of its form are asked along.
    """
    about, ticket, place = _asked(request, number, screen)
    name, where = ("desk:text", [number, screen]) if number else ("desk:new_text", [screen])
    along = {"article": about.article.pk} if about.article else None
    found = [
        {
            "template": template,
            "is_own": is_own,
            "at": reverse(name, args=[*where, template.pk], query=along),
            "says": _beginning(standard_text(ticket=ticket, template=template, agent=request.user)),
        }
        for template, is_own in place.find(request.GET.get("q", ""))
    ]
    said = ngettext("%(n)s text found", "%(n)s texts found", len(found)) % {"n": len(found)}
    return render(request, "desk/screens/_texts.html", {"found": found, "said": said})


@require_safe
@agent_required
def text(request: AgentRequest, screen: str, template_id: int, number: str = "") -> HttpResponseBase:
    """The text itself as HTML, clean, with the placeholders filled for this ticket and what is answered."""
    _about, ticket, place = _asked(request, number, screen)
    template = place.text(template_id)
    if template is None:
        raise Http404
    answered = _answered(ticket, read_number(request.GET.get("answered")))
    return HttpResponse(standard_text(ticket=ticket, template=template, agent=request.user, article=answered))


def _asked(request: AgentRequest, number: str, screen: str) -> tuple[About, Ticket, TextPlace]:
    """What the screen is about, the ticket that its text is, and what may be used there.

    For who may use the screen; 404 for one without such texts.
    """
    chosen: Any = (BY_PATH if number else NEW_BY_PATH).get(screen)
    if chosen is None or not issubclass(chosen.form, StandardTexts):
        raise Http404
    about = chosen.about(request, {"number": number} if number else {})
    writing = Writing(actor=request.actor, about=about, query=request.GET)
    ticket = chosen.form.ticket_of(request.GET, writing=writing)
    return about, ticket, TextPlace(rights=request.rights, queue_id=ticket.queue_id, kind=chosen.form.texts)


def _answered(ticket: Ticket, article_id: int | None) -> Article | None:
    """What is answered, if it was said with the customer that the ticket has now; nothing by a new one."""
    if article_id is None or ticket.pk is None:
        return None
    try:
        article = find_answerable(ticket=ticket, article_id=article_id)
    except Article.DoesNotExist:
        return None
    return None if is_of_another_customer(article, ticket=ticket) else article


def _beginning(html: str) -> str:
    return " ".join(html_to_text(html).split())[:PREVIEW_MOST]
