"""The addresses that a customer's page sends its forms to; a GET does nothing, and leads to the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.limits import TooManyTries
from tickets.customer_link import ExpiredLinkError, UnknownLinkError, make_token
from tickets.errors import Refusal
from tickets.kinds import Rating
from tickets.models import Ticket
from webforms.customer import deeds
from webforms.customer.bodies import brings_files
from webforms.customer.codes import is_right, new_code
from webforms.customer.deeds import Message
from webforms.customer.forms import CodeForm, MessageForm, RatingForm, SubmittedForm
from webforms.customer.letters import mail_code, mail_link
from webforms.customer.limits import count_code, count_deed, count_link, sentence_of
from webforms.customer.page import TOO_MANY, Filled, shown
from webforms.customer.visit import (
    View,
    Visit,
    by_link,
    by_post,
    digest_of,
    expired,
    for_visitors,
    held,
    opened,
    remember,
    unknown,
)
from webforms.customer.words import DONE
from webforms.received import UnreadableError, require_readable

P = ParamSpec("P")

BAD, CONFLICT = 400, 409


def readable(view: View[P]) -> View[P]:
    """The view gets forms that can be read; of others the page says so in a sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            require_readable(request)
        except UnreadableError as error:
            return shown(request, visit, Filled(sentence=str(error.sentence), status=BAD))
        return view(request, visit, *args, **kwargs)

    return guarded


@by_post
@by_link
def code(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Mail a code to the address of the link."""
    now = timezone.now()
    try:
        count_code(request, address=visit.address, now=now)
    except TooManyTries as over:
        return shown(request, visit, Filled(code=CodeForm(), sentence=sentence_of(over), status=TOO_MANY))
    mail_code(visit.link, new_code(digest_of(visit.token), now=now), now=now)
    return _back(visit, "code")


@by_post
@by_link
@readable
def open_(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Open the page to this browser, where the code is right."""
    form = CodeForm(request.POST)
    if form.is_valid():
        if is_right(digest_of(visit.token), form.cleaned_data["code"], now=timezone.now()):
            return remember(_back(visit, "open"), visit.token)
        form.add_error(
            "code",
            _("This code is not right, or too old. Use the one of the newest mail, or ask for another."),
        )
    return shown(request, visit, Filled(code=form))


@by_post
@for_visitors
def renew(request: HttpRequest, token: str) -> HttpResponseBase:
    """Mail a link that holds to the address of one whose time is over."""
    now = timezone.now()
    link = held(token, now=now)
    if link is None:
        return unknown(request)
    try:
        count_link(request, address=link.address, now=now)
    except TooManyTries as over:
        return expired(request, token, sentence=sentence_of(over), status=TOO_MANY)
    mail_link(link, now=now)
    return expired(request, token, sentence=str(DONE["link"]), status=200)


@brings_files
@by_post
@by_link
@opened
@readable
def write(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """A message, with files, or that nothing more is asked, or both."""
    closes = "close" in request.POST
    form = MessageForm(request.POST, request.FILES, closes=closes)
    if not form.is_valid():
        return shown(request, visit, Filled(message=form))
    filled = form.cleaned_data
    message = Message(text=filled["text"], files=filled["attachments"], closes=closes)
    begun: list[Ticket] = []

    def deed(now: datetime) -> None:
        new = deeds.write(visit.token, message, submission=filled["submission"], now=now)
        begun.extend([new] if new is not None else [])

    refused = _refused(request, visit, deed, Filled(message=form))
    if refused is not None or not begun:
        return refused or _back(visit, "closed" if closes else "written")
    token = make_token(ticket=begun[0], address=visit.address)
    return remember(redirect(f"{_page(token)}?done=anew"), token)


@by_post
@by_link
@opened
@readable
def reopen(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Go on with a question that was closed."""
    form = SubmittedForm(request.POST)
    if not form.is_valid():
        return shown(request, visit, Filled(sentence=_("Something went wrong. Try it once more.")))

    def deed(now: datetime) -> None:
        deeds.reopen(visit.token, submission=form.cleaned_data["submission"], now=now)

    return _refused(request, visit, deed, Filled()) or _back(visit, "reopened")


@by_post
@by_link
@opened
@readable
def rate(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Say how they were helped."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return shown(request, visit, Filled(rating=form))
    filled = form.cleaned_data

    def deed(now: datetime) -> None:
        rating, submission = Rating(filled["rating"]), filled["submission"]
        deeds.rate(visit.token, rating, filled["words"], submission=submission, now=now)

    return _refused(request, visit, deed, Filled(rating=form)) or _back(visit, "rated")


def _refused(
    request: HttpRequest, visit: Visit, deed: Callable[[datetime], None], filled: Filled
) -> HttpResponse | None:
    """Do it; the page with a sentence where it was asked too often, or can't be done."""
    now = timezone.now()
    try:
        count_deed(request, address=visit.address, now=now)
        deed(now)
    except TooManyTries as over:
        return shown(request, visit, replace(filled, sentence=sentence_of(over), status=TOO_MANY))
    except (UnknownLinkError, ExpiredLinkError):  # by now
        return unknown(request)
    except Refusal as refusal:
        return shown(request, visit, replace(filled, sentence=refusal.message, status=CONFLICT))
    return None


def _back(visit: Visit, done: str) -> HttpResponse:
    return redirect(f"{visit.at('page')}?done={done}")


def _page(token: str) -> str:
    return reverse("customer:page", args=[token])
