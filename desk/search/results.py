"""Zoeken: what was found, page by page, and what it can be narrowed down to."""

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.search.asked import search_of
from desk.search.bar import SearchForm
from desk.search.found import found
from desk.search.tips import TIPS
from desk.writing.layout import allow_editor
from search.find import straight_to


@require_safe
@agent_required
def results(request: AgentRequest) -> HttpResponseBase:
    """What was found; a number, or a subject with one, that is pasted alone leads straight to its ticket."""
    search = search_of(request.GET, actor=request.actor)
    if search.is_words_alone and (number := straight_to(search.filters.asked, actor=request.actor)):
        return HttpResponseRedirect(reverse("desk:zoom", args=[number]))
    shown = found(request, search)
    is_part = getattr(request, "htmx", False)
    context = {"search": search, "found": shown, "listing": shown}
    if not is_part:
        context |= {
            "form": SearchForm.of(search.typed, is_first=search.is_nothing),
            "tips": TIPS,
        }
    response = render(request, f"desk/search/{'_found' if is_part else 'results'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return allow_editor(request, response) if shown.can_pick else response
