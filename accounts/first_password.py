"""A password of one's own, instead of the one that an administrator has given."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ChangePasswordForm
from accounts.preferences import change_password
from accounts.signed_in import must_choose_password


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def first_password(request: HttpRequest) -> HttpResponse:
    """Ask for it, and go on; who has chosen one already goes on at once."""
    if not must_choose_password(request):
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = ChangePasswordForm(data=request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        change_password(form)
        update_session_auth_hash(request, form.user)
        messages.success(request, _("From now on you sign in with your own password."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/first_password.html", {"form": form})
