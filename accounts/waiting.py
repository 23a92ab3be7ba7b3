"""What is said to who tries too often: when to try again, and what was typed is still there."""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Concatenate, ParamSpec

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext

from accounts.forms import LoginForm
from accounts.limits import TooManyTries

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

TOO_MANY_REQUESTS = 429
SECONDS_MOST = 90
"""What is said in seconds; beyond that, in minutes."""
NAME_MOST, NEXT_MOST = 254, 2000


def told_to_wait(view: View[P]) -> View[P]:
    """Who tries too often gets a page that says when to try again, with the name they typed (RFC 6585, 4)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TooManyTries as too_many:
            return _wait_page(request, too_many.seconds)

    return guarded


def _wait_page(request: HttpRequest, seconds: int) -> HttpResponse:
    typed = request.POST.get("login", "")[:NAME_MOST]
    onward = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    context = {
        "sentence": _sentence(seconds),
        "form": LoginForm(initial={"login": typed}, request=request) if typed else None,
        "next": onward[:NEXT_MOST],
    }
    page = render(request, "429.html", context, status=TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(seconds)
    page.headers["Cache-Control"] = "no-store"
    return page


def _sentence(seconds: int) -> str:
    if seconds <= SECONDS_MOST:
        words = ngettext(
            "That was tried too often: try it again in %(n)s second.",
            "That was tried too often: try it again in %(n)s seconds.",
            seconds,
        )
        return words % {"n": seconds}
    minutes = ceil(seconds / 60)
    words = ngettext(
        "That was tried too often: try it again in %(n)s minute.",
        "That was tried too often: try it again in %(n)s minutes.",
        minutes,
    )
    return words % {"n": minutes}
