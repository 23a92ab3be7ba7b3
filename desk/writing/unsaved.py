"""What was typed by who may not do it (any more), or is signed out: not saved, but not lost."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.csrf import csrf_failure

from accounts.middleware import way_to_settle
from accounts.models import Agent
from desk.frame import AgentRequest, P, View
from desk.writing.free_fields import free_names
from desk.writing.typed import SUBJECT_MOST, TEXT_MOST, typed_text
from tickets.errors import NotAllowed

NOT_FOUND, FORBIDDEN, BAD_REQUEST = 404, 403, 400
ONLY_READ = {"readonly": True}


class ForeignForm(SuspiciousOperation):
    """A form with the identity of one that somebody else has sent."""


Lost = Http404 | NotAllowed | ForeignForm
AnyForm = type[forms.Form] | type[forms.ModelForm[Any]]
Anybodys = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class TypedForm(forms.Form):
    """What was typed, to be copied; it is sent nowhere."""

    use_required_attribute = False
    subject = forms.CharField(label=gettext_lazy("Subject"), widget=forms.TextInput(attrs=ONLY_READ))
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs=ONLY_READ | {"rows": 16}))


def text_given_back(view: View[P]) -> View[P]:
    """A 404, 403 or 400 for a form with a text shows that text, to be copied; and nothing else.

    The page is made of what was sent alone, so that it is the same whether or not there is such a ticket.
    """

    @wraps(view)
    def guarded(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (Http404, NotAllowed, ForeignForm) as lost:
            page = _page(request, *_said_of(lost), advice=_("Copy your text and ask a colleague."))
            if page is None:
                raise
            return page

    return guarded


def text_kept_at_the_door(
    form: AnyForm,
) -> Callable[[Anybodys[P]], Anybodys[P]]:
    """A form with a text that comes from who is not signed in (any more) shows that text.

    It can be sent on from there, once its writer has signed in; or else be copied.
    """

    def keeping(view: Anybodys[P]) -> Anybodys[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            page = None if isinstance(request.user, Agent) else _signed_out(request, form=form)
            return page or view(request, *args, **kwargs)

        return guarded

    return keeping


class ShowsAgain:
    """A view that can show a form that came with an old token: filled, with a new one, and not done."""

    def __init__(self, view: Anybodys[...], *, again: Anybodys[...]) -> None:
        self._view, self.again = view, again

    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The view."""
        return self._view(request, *args, **kwargs)


def refused_as_forged(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's CSRF_FAILURE_VIEW: who signed in again elsewhere gets back what they typed here.

    The form itself comes back where one of our own pages has sent it, by the browser's word: a page of
    somebody else could fill in a form of ours, for its reader to send by a press.
    """
    match = request.resolver_match
    if match is not None and isinstance(match.func, ShowsAgain) and _is_ours(request):
        away = way_to_settle(request)
        if away is None:
            return match.func.again(request, *match.args, **match.kwargs)
    return _signed_out(request) or csrf_failure(request, reason)


def _is_ours(request: HttpRequest) -> bool:
    """Whether the form was on a page of ours, by the browser's word (Fetch, 3.1 and 3.2).

    Over https silence is no yes, over http it is: as Django has it for the token itself.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    page = request.headers.get("Origin") or request.headers.get("Referer")
    if page is None:
        return not request.is_secure()
    known = {request.get_host(), urlsplit(settings.BASE_URL).netloc}
    is_known = url_has_allowed_host_and_scheme(page, known, require_https=request.is_secure())
    return is_known and bool(urlsplit(page).netloc)


def _signed_out(request: HttpRequest, *, form: AnyForm | None = None) -> HttpResponse | None:
    """The text; with `form` as one that can be sent on from a page of ours."""
    if form is None or not _is_ours(request):
        return _page(
            request,
            FORBIDDEN,
            _("You were signed out, or signed in again, while you were writing."),
            advice=_("Copy your text, open the page again, and paste it there."),
        )
    return _page(
        request,
        FORBIDDEN,
        _("You were signed out while you were writing."),
        advice=_("Sign in in another tab, come back here, and go on."),
        carried=_carried(request, form),
    )


def _carried(request: HttpRequest, form: AnyForm) -> list[tuple[str, str]]:
    """What was filled in, field by field; free fields are an administrator's, and no form's own."""
    names = [*form.base_fields, *free_names(request.POST)]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def _in_free_fields(request: HttpRequest) -> list[str]:
    """What was typed into free fields; a number of a choice says nothing to anybody."""
    names = [name for name in free_names(request.POST) if name != "free_shown"]
    values = (value for name in names for value in request.POST.getlist(name))
    return [value for value in values if not value.isdigit() and value != "on"]


def _said_of(lost: Lost) -> tuple[int, str]:
    if isinstance(lost, NotAllowed):
        return FORBIDDEN, _("You may not do this in the queue of this ticket (any more).")
    if isinstance(lost, ForeignForm):
        return BAD_REQUEST, _("This form belongs to somebody else. Open it again.")
    return NOT_FOUND, _("This ticket is not there, or you may not see it (any more).")


def _page(
    request: HttpRequest, status: int, reason: str, *, advice: str, carried: Sequence[tuple[str, str]] = ()
) -> HttpResponse | None:
    """What was typed, why it was not saved, and what to do; None where nothing was typed.

    What is `carried` can be sent on from it.
    """
    text = "\n".join(filter(None, [typed_text(request.POST), *_in_free_fields(request)]))
    typed = {"subject": request.POST.get("subject", "")[:SUBJECT_MOST], "text": text[:TEXT_MOST]}
    if not any(typed.values()):
        return None
    context = {
        "form": TypedForm(initial=typed),
        "reason": reason,
        "advice": advice,
        "carried": carried,
        "lost_files": bool(request.FILES),
    }
    return render(request, "desk/writing/unsaved.html", context, status=status)
