"""The language of each page: the agent's own choice, Dutch for everybody else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import Agent
from accounts.preferences import preferences_of


class AgentLocaleMiddleware:
    """Shows a page in the language of the agent who asks for it."""

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
    return settings.LANGUAGE_CODE
