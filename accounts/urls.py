"""The addresses of allauth that KVV means to have, one by one; the rest of its names lead nowhere.

What is not here would let an agent, or whoever sits at their screen, change how one gets in.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts import openid
from accounts.first_password import first_password
from accounts.waiting import told_to_wait

IN_PREFERENCES = {"menu": "preferences"}
"""Where a page stands in the menu of the agents' frame."""


def closed(request: HttpRequest, **named: object) -> HttpResponse:
    """Not here: allauth looks these addresses up by name, and KVV does not have what they lead to."""
    raise Http404


urlpatterns = [
    path("login/", told_to_wait(account.login), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("language/", require_POST(set_language), name="set_language"),
    path(
        "reauthenticate/",
        told_to_wait(account.ReauthenticateView.as_view(extra_context=IN_PREFERENCES)),
        name="account_reauthenticate",
    ),
    path("password/first/", told_to_wait(first_password), name="account_first_password"),
    path("password/reset/", told_to_wait(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", mfa.IndexView.as_view(extra_context=IN_PREFERENCES), name="mfa_index"),
    path("2fa/authenticate/", told_to_wait(mfa.authenticate), name="mfa_authenticate"),
    path(
        "2fa/reauthenticate/",
        told_to_wait(mfa.ReauthenticateView.as_view(extra_context=IN_PREFERENCES)),
        name="mfa_reauthenticate",
    ),
    path(
        "2fa/totp/activate/",
        totp.ActivateTOTPView.as_view(extra_context=IN_PREFERENCES),
        name="mfa_activate_totp",
    ),
    path(
        "2fa/totp/deactivate/",
        totp.DeactivateTOTPView.as_view(extra_context=IN_PREFERENCES),
        name="mfa_deactivate_totp",
    ),
    path(
        "2fa/recovery-codes/",
        recovery_codes.ViewRecoveryCodesView.as_view(extra_context=IN_PREFERENCES),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        recovery_codes.GenerateRecoveryCodesView.as_view(extra_context=IN_PREFERENCES),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("3rdparty/login/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", openid.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    # An administrator makes agents and sets their address; the password is changed in the preferences.
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", closed, name="account_confirm_email"),
    path("password/change/", closed, name="account_change_password"),
    path("password/set/", closed, name="account_set_password"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
    path("3rdparty/signup/", closed, name="socialaccount_signup"),
    path("3rdparty/", closed, name="socialaccount_connections"),
]
