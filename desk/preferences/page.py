"""Voorkeuren: language, my queues, and the password, each kept by the one button of its page."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ChangePasswordForm
from accounts.preferences import change_password, keep_language, preferences_of
from accounts.waiting import told_to_wait
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from queues.subscriptions import queues_visible, subscribe, subscribed


class PreferencesForm(forms.Form):
    """Language and my queues; all is saved at once."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    queues = forms.TypedMultipleChoiceField(
        label=gettext_lazy("My queues"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The queues you want to keep an eye on. They are what you see after signing in."
        ),
    )

    layout = Layout("language", "queues")

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = cast("forms.TypedMultipleChoiceField", self.fields["queues"])
        queues.choices = choices
        if not choices:
            queues.help_text = _("You may not see any queue yet. Ask an administrator.")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def preferences(request: AgentRequest) -> HttpResponseBase:
    """Show and keep what the agent prefers."""
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={"language": preferences_of(request.user).language, "queues": subscribed(request.user)},
        choices=queues_visible(request.rights),
    )
    if request.method == "POST" and form.is_valid():
        keep_language(agent=request.user, language=form.cleaned_data["language"])
        subscribe(rights=request.rights, queue_ids=form.cleaned_data["queues"])
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your preferences have been saved."))
        return redirect("desk:preferences")
    return _page(request, form=form, password=ChangePasswordForm(user=request.user))


@require_POST
@told_to_wait
@agent_required
def password(request: AgentRequest) -> HttpResponseBase:
    """Change the password; the present one is asked, and this session goes on."""
    form = ChangePasswordForm(data=request.POST, user=request.user)
    if form.is_valid():
        change_password(form)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed."))
        return redirect("desk:preferences")
    first = PreferencesForm(
        initial={"language": preferences_of(request.user).language, "queues": subscribed(request.user)},
        choices=queues_visible(request.rights),
    )
    return _page(request, form=first, password=form)


def _page(request: AgentRequest, *, form: PreferencesForm, password: Any) -> HttpResponseBase:
    wrong = form.errors or password.errors
    return render(
        request,
        "desk/preferences.html",
        {"menu": "preferences", "form": form, "password": password},
        status=UNPROCESSABLE if wrong else None,
    )
