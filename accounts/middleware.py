"""What holds for every page: the agent's language, who must say again who they are, the second factor."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Agent
from accounts.preferences import preferences_of
from accounts.signed_in import must_choose_password

OPEN_UNSETTLED = frozenset(
    {
        *("account_first_password", "mfa_activate_totp", "account_reauthenticate"),
        *("account_logout", "account_login", "livez", "healthz"),
    }
)
HAS_FACTOR = "has_second_factor"


class AgentLocaleMiddleware:
    """Shows a page in the language of the agent who asks for it.

    To others it speaks the one that they chose on the page to sign in (by Django's own cookie), else the one
    that their browser asks for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_language(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response


def _language(request: HttpRequest) -> str:
    if isinstance(request.user, Agent):
        return preferences_of(request.user).language
    return translation.get_language_from_request(request)


class AskedAgainMiddleware:
    """Sends away, to say again who they are, whoever comes too late to a page that wants to be sure of it.

    Allauth would keep their form, headers and cookies in the session meanwhile, readable in the database:
    passwords, too. Here the form is filled in anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Away with nothing but the address to come back to."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        address = methods[0]["url"] if methods else reverse("account_login")
        if request.method == "POST":
            messages.info(
                request, _("What you had filled in was not kept: fill it in again once you have done this.")
            )
        return redirect(add_query_params(address, {REDIRECT_FIELD_NAME: request.get_full_path()}))


class SettleFirstMiddleware:
    """Leads an agent to what must be settled before anything else.

    That is a password of their own, where an administrator gave them one, and a second factor, where they
    must have it and have none (KVV_SECOND_FACTOR).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """Away, unless the page is one that is needed for it; the session remembers who has a factor."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if name == "mfa_deactivate_totp":
            request.session.pop(HAS_FACTOR, None)
        return None if name in OPEN_UNSETTLED else way_to_settle(request)


def way_to_settle(request: HttpRequest) -> HttpResponse | None:
    """To where an agent settles what comes before anything else; None for one who has."""
    if must_choose_password(request):
        return redirect("account_first_password")
    return redirect("mfa_activate_totp") if lacks_factor(request) else None


def lacks_factor(request: HttpRequest) -> bool:
    """Whether it comes from an agent who must have a second factor and has none.

    That one has it is asked once a session, which remembers it.
    """
    if not _must_have_factor(request):
        return False
    if not is_mfa_enabled(request.user):
        return True
    request.session[HAS_FACTOR] = True
    return False


def _must_have_factor(request: HttpRequest) -> bool:
    if settings.SECOND_FACTOR == "NOBODY" or not isinstance(request.user, Agent):
        return False
    is_meant = settings.SECOND_FACTOR == "ALL" or request.user.is_superuser
    return is_meant and HAS_FACTOR not in request.session
