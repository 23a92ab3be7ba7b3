"""Welkom!: what an admin wrote for all agents, which each of them can fold away."""

from dataclasses import dataclass

from django.utils.translation import get_language

from accounts.preferences import preferences_of
from desk.frame import AgentRequest
from queues.models import PageText
from queues.texts import page_text


@dataclass(frozen=True, slots=True)
class Welcome:
    """The text; '' where no admin wrote one, so that the page has its own words."""

    html: str
    is_folded: bool


def fill_welcome(request: AgentRequest) -> Welcome:
    """The text in the agent's language."""
    html = page_text(PageText.Place.WELCOME, language=get_language())
    return Welcome(html, preferences_of(request.user).welcome_is_folded)
