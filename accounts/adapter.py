"""What sign-in by django-allauth does KVV's way: nobody makes an account for themselves."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.devices import remember_device
from accounts.models import Agent
from accounts.openid import agent_of
from accounts.preferences import preferences_of
from accounts.tries import try_password
from vault.keys import UnreadableSecretError, seal, unseal

logger = logging.getLogger(__name__)

WRONG = gettext_lazy("Username or password is wrong.")


@dataclass(frozen=True, slots=True)
class Site:
    """What allauth's mails may say of where they come from."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Agents are made by an admin."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an admin makes agents."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Whatever a mail says of the site is our own address, whatever host the request named.

        It speaks the agent's language, whatever browser asked for it.
        """
        host = urlsplit(settings.BASE_URL).netloc
        agent = context.get("user")
        language = preferences_of(agent).language if isinstance(agent, Agent) else translation.get_language()
        with translation.override(language):
            super().send_mail(
                template_prefix, email, context | {"current_site": Site(name=host, domain=host)}
            )

    def set_password(self, user: Agent, password: str) -> None:
        """Keep what its agent has chosen: nobody else knows it any more."""
        user.password_given = False
        super().set_password(user, password)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Agent | None:
        """Whose password it is; raises `TooManyTries` where it was tried too often from there."""
        if credentials.get("username"):  # it is taken for an address, too: both would cost two hashes
            credentials.pop("email", None)
        name = credentials.get("username") or credentials.get("email") or ""
        trying = try_password(request, str(name))
        agent: Agent | None = super().authenticate(request, **credentials)
        trying.failed() if agent is None else trying.succeeded()
        return agent

    def post_login(self, request: HttpRequest, user: Agent, **login: Any) -> HttpResponse:
        """Away from the sign-in that succeeded, with all that it asks; the browser is known from now on."""
        response: HttpResponse = super().post_login(request, user, **login)
        remember_device(request, response, user)
        return response

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Whether who they are must have been said just now; nobody is waved through who can't say it."""
        self.get_reauthentication_methods(self.request.user)
        return bool(super().is_reauthentication_required(app=app, **rest))

    def get_reauthentication_methods(self, user: Agent | AnonymousUser) -> list[dict[str, Any]]:
        """The ways to say it, best first; raises `PermissionDenied` for an agent who has none.

        Such an agent, who came in by OpenID, counts for allauth as one who has just said it.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not methods and user.is_authenticated:
            raise PermissionDenied(
                _(
                    "This page asks again who you are, and you have no password here to say it with. Ask an "
                    "administrator for a password."
                )
            )
        return methods

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail: to our own address, whatever host the request named."""
        url = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.BASE_URL}{url.path}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The association's own sign-in leads to an existing agent only."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Agent, str] | None:
        """The agent to whom an identity is bound that nobody has yet, and their address."""
        agent = agent_of(sociallogin, domains=settings.OIDC_DOMAINS)
        if agent is None:
            logger.warning("no agent may be bound to the identity %s", sociallogin.account.uid)
            return None
        logger.info("the identity %s is bound to agent %s", sociallogin.account.uid, agent.pk)
        return agent, agent.email

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never: an admin makes agents."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The secrets of second factors are kept sealed."""

    def encrypt(self, text: str) -> str:
        """As it is kept."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that can't be read lets nobody in, and its agent is told what helps."""
        try:
            return unseal(encrypted_text)
        except UnreadableSecretError as error:
            logger.error("a second factor can't be read with the keys in KVV_SECRET_KEYS")
            raise PermissionDenied(
                _(
                    "Your second factor can't be checked at the moment. An administrator can mend that: by "
                    "the right key in KVV_SECRET_KEYS, or by removing your second factor; then make another."
                )
            ) from error
