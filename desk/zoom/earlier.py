"""Answers that were given before, beside a ticket: by a request of their own, for they take longer to find
than the page to show."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.frame import AgentRequest, agent_required, refusal_to_notice, ticket_or_404
from desk.lists.place import FROM, place_asked, with_place
from desk.screens.registry import SCREENS
from desk.writing.typed import SEEN, read_number
from queues.models import QueuePermission
from search.earlier import answer_of, is_not_useful, last_questions, similar_answers
from tickets.access import find_answerable
from tickets.letters.of_another import to_say_to
from tickets.models import Article, Ticket
from tickets.queries.zoom import article_to_answer

BESIDE = "beside"
"""What the address asks for where it stands beside an answer that is being written."""


@require_safe
@agent_required
def earlier(request: AgentRequest, number: str) -> HttpResponseBase:
    """Similar questions with their answers, and the customer's last ones; a page for who has no script.

    Beside an answer only the former.
    """
    ticket = ticket_or_404(request, number)
    context = _similar(request, ticket, request.GET)
    is_page = not getattr(request, "htmx", False)
    name = "earlier" if is_page else "_similar_beside" if request.GET.get(BESIDE) else "_earlier"
    if name != "_similar_beside":
        context |= {"last": last_questions(ticket, rights=request.rights), "is_page": is_page}
    response = render(request, f"desk/zoom/{name}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@agent_required
def earlier_text(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """What an answer said, to be put into one for this ticket: as HTML, with marks on what is another's."""
    ticket = ticket_or_404(request, number)
    request.actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    answer = answer_of(ticket=ticket, article_id=article_id, rights=request.rights)
    if answer is None:
        raise Http404
    answered = _answered(ticket, read_number(request.GET.get("answered")))
    return HttpResponse(to_say_to(ticket, answer=answer, answered=answered, agent=request.user))


@require_POST
@agent_required
@refusal_to_notice
def not_useful(request: AgentRequest, number: str, other: str) -> HttpResponseBase:
    """'Niet nuttig': the other ticket's answer is not offered for this one any more; with `again` it is."""
    ticket, set_aside = ticket_or_404(request, number), ticket_or_404(request, other)
    is_so = not request.POST.get("again")
    is_not_useful(actor=request.actor, ticket=ticket, other=set_aside, is_so=is_so)
    if getattr(request, "htmx", False):
        context = _similar(request, ticket, request.POST) | {
            "set_aside": set_aside if is_so else None,
            "came_back": not is_so,
        }
        return render(request, "desk/zoom/_similar.html", context)
    if is_so:
        messages.success(request, _("That answer is not offered for this ticket any more."))
    return redirect(with_place(reverse("desk:earlier", args=[number]), place_asked(request.POST)))


def _similar(request: AgentRequest, ticket: Ticket, asked: QueryDict) -> dict[str, Any]:
    """What the list of similar questions needs; `asked` says what the ticket's page had shown."""
    place, seen = place_asked(asked), read_number(asked.get(SEEN))
    answer = SCREENS["reply"]
    opened_with = {SEEN: seen} if seen else {}
    similar = similar_answers(ticket, rights=request.rights)
    return {
        "ticket": ticket,
        "similar": similar.answers,
        "archive": _in_archive(similar.words),
        "answer": answer if answer.is_offered(request.actor, ticket) else None,
        "may_set_aside": request.actor.may(QueuePermission.Right.ALL, ticket.queue_id),
        "seen_event": seen,
        "from_list": place.token if place else "",
        "opened_with": urlencode(opened_with | ({FROM: place.token} if place else {})),
        "set_aside": None,
        "came_back": False,
        "is_page": False,
    }


def _in_archive(words: Sequence[str]) -> str:
    """Where closed tickets with any of these words are found, those with the most first; '' without words."""
    asked = {"q": " OR ".join(words), "state_type": "closed", "sort": "best"}
    return f"{reverse('desk:search')}?{urlencode(asked)}" if words else ""


def _answered(ticket: Ticket, article_id: int | None) -> Article | None:
    if article_id is None:
        return article_to_answer(ticket)
    try:
        return find_answerable(ticket=ticket, article_id=article_id)
    except Article.DoesNotExist:
        return None
