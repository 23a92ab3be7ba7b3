"""What sign-in by django-allauth does KVV's way: nobody makes an account for themselves."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Agents are made by an admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an admin makes agents."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail: to our own address, whatever host the request named."""
        url = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.BASE_URL}{url.path}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The association's own sign-in leads to an existing agent only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never: an admin makes agents."""
        return False
