"""A customer's page: number and state; for a browser that was opened, what its address wrote and got."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from queues.models import Queue
from tickets.letters.subjects import clean_subject
from tickets.models import Article, Attachment
from tickets.queries.customers_page import file_with, said_with
from tickets.queries.participants import begins_anew, refuses_follow_up
from tickets.queries.ratings import rating_by
from tickets.showing.file import as_file, file_answer
from webforms.customer.forms import CodeForm, MessageForm, RatingForm, SubmittedForm
from webforms.customer.visit import Visit, by_link, opened, unknown
from webforms.customer.words import DONE, as_said, mark_of, state_of

UNPROCESSABLE, TOO_MANY = 422, 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in and came back; `sentence`: why, where no field says so."""

    code: CodeForm | None = None
    message: MessageForm | None = None
    rating: RatingForm | None = None
    sentence: str = ""
    status: int = UNPROCESSABLE


@require_safe
@by_link
def page(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Show what this browser may see."""
    return shown(request, visit)


def shown(request: HttpRequest, visit: Visit, filled: Filled | None = None) -> HttpResponse:
    """The page, with what came back of a form."""
    ticket, filled = visit.ticket, filled or Filled(status=200)
    done = request.GET.get("done", "") if request.method != "POST" else ""
    context: dict[str, Any] = {
        "visit": visit,
        "ticket": ticket,
        "state": state_of(ticket),
        "mark": mark_of(ticket),
        "done": DONE.get(done, ""),
        "sentence": filled.sentence,
    }
    if visit.is_open:
        context |= _conversation(visit, filled)
        template = "webforms/customer/page.html"
    else:
        has_code = filled.code is not None or done == "code"
        context["code"] = (filled.code or CodeForm()) if has_code else None
        context |= {"code_at": visit.at("code"), "open_at": visit.at("open")}
        template = "webforms/customer/closed.html"
    return render(request, template, context, status=filled.status)


@require_safe
@as_file
@by_link
@opened
def file(request: HttpRequest, visit: Visit, attachment_id: int) -> HttpResponseBase:
    """A file of an article that the page shows; nobody keeps it."""
    try:
        found = file_with(visit.ticket, address=visit.address, attachment_id=attachment_id)
    except Attachment.DoesNotExist:
        return unknown(request)
    response = file_answer(found)
    response["Cache-Control"] = "private, no-store"
    return response


def _conversation(visit: Visit, filled: Filled) -> dict[str, Any]:
    ticket = visit.ticket
    articles = said_with(ticket, address=visit.address)
    first = articles[0] if articles else None
    return {
        "title": clean_subject(number=ticket.number, subject=first.subject) if first else "",
        "said": as_said(articles, visit=visit),
        "message": filled.message or MessageForm(),
        "write_at": visit.at("write"),
        "begins_anew": begins_anew(ticket),
        "is_refused": refuses_follow_up(ticket),
        "press": SubmittedForm(),
        "reopen_at": visit.at("reopen") if _may_reopen(visit) else "",
        "rate_at": visit.at("rate"),
        **_rating(visit, articles, filled),
    }


def _may_reopen(visit: Visit) -> bool:
    return not visit.ticket.is_open and visit.ticket.queue.follow_up == Queue.FollowUp.POSSIBLE


def _rating(visit: Visit, articles: list[Article], filled: Filled) -> dict[str, Any]:
    """The form, where an agent has answered and it may be told (again), and what was told already."""
    is_answered = any(article.sender_type == Article.SenderType.AGENT for article in articles)
    if not (visit.ticket.queue.asks_rating and is_answered):
        return {"rating": None, "rated": None}
    rated = rating_by(visit.ticket, address=visit.address)
    if rated is not None and not rated.may_change(visit.ticket, now=timezone.now()):
        return {"rating": None, "rated": rated}
    initial = {"rating": rated.rating, "words": rated.words} if rated is not None else {}
    return {"rating": filled.rating or RatingForm(initial=initial), "rated": None}
