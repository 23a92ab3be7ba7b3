"""Voorkeuren: each thing that an agent prefers has a form, an address and a button of its own."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.absence import end_absence
from accounts.forms import ChangePasswordForm
from accounts.preferences import change_password, is_mail_stopped, second_factor_since
from accounts.signed_in import sign_out_elsewhere
from accounts.waiting import told_to_wait
from desk.frame import UNPROCESSABLE, AgentRequest, View, agent_required, page_of
from desk.preferences.form import SettingForm
from desk.preferences.settings import SETTINGS
from notify.aftercare import dropped_lately

SAID = "#meldingen"
"""Where a page says what was done: the focus goes there, too."""


@require_safe
@agent_required
def preferences(request: AgentRequest) -> HttpResponseBase:
    """Show what the agent prefers."""
    return _page(request)


def keep(setting: type[SettingForm]) -> View[[]]:
    """What keeps one thing that the agent prefers, and leaves all else as it is."""

    @require_POST
    @agent_required
    def kept(request: AgentRequest) -> HttpResponseBase:
        form = setting.of(request, request.POST)
        is_alone = getattr(request, "htmx", False)
        if not form.is_valid():
            return _alone(request, form, status=UNPROCESSABLE) if is_alone else _page(request, wrong=form)
        form.keep(request)
        if is_alone:
            return _alone(request, setting.of(request), is_kept=True)
        with translation.override(form.cleaned_data.get("language", translation.get_language())):
            messages.success(request, _("Saved: %(setting)s.") % {"setting": setting.title})
        return _back()

    return kept


@require_POST
@told_to_wait
@agent_required
def password(request: AgentRequest) -> HttpResponseBase:
    """Change the password; the present one is asked, and this session goes on."""
    form = ChangePasswordForm(data=request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, wrong=form)
    change_password(form)
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password has been changed."))
    return _back()


@require_POST
@agent_required
def leave_elsewhere(request: AgentRequest) -> HttpResponseBase:
    """Sign out on every other device; this session goes on."""
    sign_out_elsewhere(request, agent=request.user)
    messages.success(request, _("You are signed in on this device alone now."))
    return _back()


@require_POST
@agent_required
def be_back(request: AgentRequest) -> HttpResponseBase:
    """End an absence, from the notice on top of every page, and stay on that page."""
    end_absence(agent=request.user)
    messages.success(request, _("You are there again, also for your colleagues."))
    return redirect(page_of(request))


def _back() -> HttpResponse:
    return redirect(reverse("desk:preferences") + SAID)


def _alone(
    request: AgentRequest, form: SettingForm, *, is_kept: bool = False, status: int | None = None
) -> HttpResponse:
    """One form instead of the same on the page, so that what is changed in others stays."""
    context = {"form": form, "is_kept": is_kept}
    return render(request, "desk/preferences/setting.html", context, status=status)


def _page(request: AgentRequest, *, wrong: forms.Form | None = None) -> HttpResponse:
    """All forms as they are kept, but the one in which something is wrong."""
    is_password = isinstance(wrong, ChangePasswordForm)
    shown = {form.name: wrong if isinstance(wrong, form) else form.of(request) for form in SETTINGS}
    context = {
        "menu": "preferences",
        "password": wrong if is_password else ChangePasswordForm(user=request.user),
        "is_mail_stopped": is_mail_stopped(request.user),
        "dropped": dropped_lately(request.user, now=timezone.now()),
        "factor_since": second_factor_since(request.user),
        "forms": shown,
    }
    status = UNPROCESSABLE if wrong is not None else None
    return render(request, "desk/preferences.html", context, status=status)
