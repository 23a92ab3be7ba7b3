"""What holds for every page that visitors see: their language, and which sites may show it in a frame.

Nothing is kept in a cookie: the language is the browser's, or what stands in the address.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from webforms.models import Category
from webforms.origins import is_origin, read_origins

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

LANGUAGE = "taal"
"""What a page is asked to speak; links carry it on."""


def in_readers_language(view: View[P]) -> View[P]:
    """Let the view speak the language that the address names, else the one of the reader's browser."""

    @wraps(view)
    def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        asked = request.GET.get(LANGUAGE, "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "nl"
        with translation.override(language):
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Content-Language", language)
            return response

    return run


def around(request: HttpRequest, **more: object) -> dict[str, object]:
    """What the templates of these pages know: what links carry on, and the language to switch to."""
    here = translation.get_language()
    others = [(code, name) for code, name in settings.LANGUAGES if code != here]
    carried = f"?{LANGUAGE}={here}" if request.GET.get(LANGUAGE) == here else ""
    known = {"carried": carried, "others": others, "language_key": LANGUAGE, "spoken": here}
    return {**known, "origins": "", **more}


def origins_of(category: Category) -> list[str]:
    """The sites that may show the form, as a browser names them; a line that names none is left out."""
    return [origin for origin in read_origins(category.origins) if is_origin(origin)]


def framed_by(response: HttpResponseBase, *, origins: Sequence[str]) -> HttpResponseBase:
    """The response, which these sites may show in a frame; without any it may stand in none, as all pages."""
    if not origins:
        return response
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # Django's own mark
    return csp_replace({"frame-ancestors": list(origins)})(lambda _request: response)(HttpRequest())


def refused(
    request: HttpRequest, said: str, *, status: int, form: Category | None = None, origins: Sequence[str] = ()
) -> HttpResponseBase:
    """A page that says why nothing was sent; `form`: the one that can be begun anew.

    `origins`: the sites that may show it, where there is no such form any more.
    """
    shown_in = origins_of(form) if form is not None else origins
    known = around(request, said=said, category=form, origins=" ".join(shown_in))
    response = render(request, "webforms/refused.html", known, status=status)
    return framed_by(response, origins=shown_in)
