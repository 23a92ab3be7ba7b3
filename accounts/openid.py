"""Signing in by the association's own OpenID Connect server (OpenID Connect Core 1.0).

By allauth, with four things that it leaves out: a nonce that the token must give back (3.1.2.1), the user
info of whom the token names (5.3.2), the server in the name of an identity (2, `sub` and `iss`), and nothing
of the request in what is asked of the server. Nobody links an identity to the agent whose screen they sit at:
it is bound when it signs in, or not at all.
"""

import hashlib
import secrets
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import Agent

ISSUER_DIGITS = 16
"""Of the digest that tells servers apart: no stranger chooses one."""


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """Asks for tokens, and believes one only if it gives back the `nonce` that the browser took along."""

    nonce: str = ""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Whom the server names; raises `OAuth2Error` where token and user info are not of the same."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("the server gave no id_token")
        login = super().complete_login(request, app, token, **kwargs)
        said = login.account.extra_data
        if said["userinfo"].get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("token and user info name different people")
        login.account.uid = _known_as(login.account)
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = super()._decode_id_token(app, id_token)
        given = str(claims.get("nonce", "")).encode()
        if not self.nonce or not secrets.compare_digest(given, self.nonce.encode()):
            raise OAuth2Error("the token was made for another sign-in")
        return claims


def _known_as(account: SocialAccount) -> str:
    """The name of an identity here: what its server calls it, which is unique there alone, and which server.

    One that was bound when the former was thought to be enough keeps that, where the server is the same.
    """
    token = account.extra_data["id_token"]
    issuer, subject = str(token["iss"]), str(token["sub"])
    bound_before = SocialAccount.objects.filter(
        provider=account.provider,
        uid=subject,
        extra_data__id_token__iss=issuer,
        extra_data__id_token__sub=subject,
    )
    if bound_before.exists():
        return subject
    return f"{hashlib.sha256(issuer.encode()).hexdigest()[:ISSUER_DIGITS]}:{subject}"


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth ships no types
    """The server, which is asked for what the settings say and for nothing that a link says."""

    oauth2_adapter_class = Adapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Only ours."""
        params: dict[str, str] = self.get_auth_params()
        return params

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Only ours."""
        scope: list[str] = self.get_scope()
        return scope

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """With a nonce, sent along and kept with what the session knows of this sign-in; never to link."""
        kwargs: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**kwargs["auth_params"], "nonce": nonce}
        return {**kwargs, "process": AuthProcess.LOGIN, "nonce": nonce}


class CallbackView(OAuth2CallbackView):  # type: ignore[misc]  # allauth ships no types
    """Where the server sends the browser back to."""

    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Away to the server; 404 where none of this name is set."""
    return _view(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the server."""
    return _view(CallbackView, request, provider_id)


def _view(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(Adapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer


def agent_of(login: SocialLogin, *, domains: frozenset[str]) -> Agent | None:
    """The agent whose address an identity, not known yet, may be bound by; None for nobody.

    The server says of the address that it is verified, by a JSON `true`; its domain is one that an
    administrator has named; and no superuser is found by an address alone.
    """
    said = login.account.extra_data
    claims = said.get("userinfo") or said.get("id_token") or {}
    address = str(claims.get("email") or "").lower()
    if claims.get("email_verified") is not True or address.rpartition("@")[2] not in domains:
        return None
    return Agent.objects.filter(email=address, is_active=True, is_superuser=False).first()
