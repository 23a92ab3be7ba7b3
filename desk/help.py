"""Hulp: what an admin wrote of it, the keys, and whom to ask."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.administrators import administrators
from desk.frame import AgentRequest, agent_required
from desk.screens.registry import PRESSES, SCREENS
from desk.writing.layout import allow_editor
from desk.writing.screen import TICKET, Said
from queues.models import PageText
from queues.texts import page_text


@require_safe
@agent_required
def help_page(request: AgentRequest) -> HttpResponseBase:
    """The page, in the agent's language."""
    context = {
        "menu": "help",
        "html": page_text(PageText.Place.HELP, language=get_language()),
        "keys": _keys(),
        "administrators": administrators(),
    }
    return allow_editor(request, render(request, "desk/help.html", context))


def _keys() -> dict[str, str]:
    """The letters of a ticket's page, and what each does there."""
    words: list[Said] = [screen.words for screen in SCREENS.values() if screen.at == TICKET]
    words += [press.words for press in PRESSES.values()]
    keys: dict[str, list[str]] = {}
    for said in words:
        if said.key:
            keys.setdefault(said.key, []).append(str(said.action))
    return {key: " / ".join(actions) for key, actions in sorted(keys.items())}
