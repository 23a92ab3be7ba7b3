"""What was typed for a ticket that its writer may not see or change (any more): not saved, but not lost."""

from functools import wraps

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.frame import AgentRequest, P, View
from desk.writing.typed import SUBJECT_MOST, typed_text
from tickets.errors import NotAllowed

NOT_FOUND, FORBIDDEN, BAD_REQUEST = 404, 403, 400
ONLY_READ = {"readonly": True}


class ForeignForm(SuspiciousOperation):
    """A form with the identity of one that somebody else has sent."""


Lost = Http404 | NotAllowed | ForeignForm


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
            text = typed_text(request.POST)
            subject = request.POST.get("subject", "")[:SUBJECT_MOST]
            if not text and not subject:
                raise
            return _page(request, lost, {"subject": subject, "text": text})

    return guarded


def _page(request: AgentRequest, lost: Lost, typed: dict[str, str]) -> HttpResponse:
    if isinstance(lost, NotAllowed):
        status, reason = FORBIDDEN, _("You may not do this in the queue of this ticket (any more).")
    elif isinstance(lost, ForeignForm):
        status, reason = BAD_REQUEST, _("This form belongs to somebody else. Open it again.")
    else:
        status, reason = NOT_FOUND, _("This ticket is not there, or you may not see it (any more).")
    context = {"form": TypedForm(initial=typed), "reason": reason}
    return render(request, "desk/writing/unsaved.html", context, status=status)
