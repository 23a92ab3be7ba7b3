"""The dashboard: the page after sign-in, in the boxes that its agent wants and in their order."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from accounts.preferences import keep_boxes, keep_tab, keep_welcome_folded, preferences_of
from desk.dashboard.arrangement import arranged
from desk.dashboard.box import Box, Filled, OwnBox
from desk.dashboard.list import tab_named
from desk.dashboard.nothing import nothing_to_do
from desk.dashboard.settings import ArrangementForm
from desk.dashboard.tickets import Tab, TicketBox, Tickets, fill_tickets, show_of
from desk.frame import AgentRequest, agent_required
from desk.lists.place import Place
from desk.writing.layout import allow_editor


@require_safe
@agent_required
def dashboard(request: AgentRequest) -> HttpResponseBase:
    """The boxes of tickets at once; those of the right column come by a request of their own."""
    preferences, since = preferences_of(request.user), request.counters.newest_event
    shown = [placed.box for placed in arranged(preferences) if placed.is_shown]
    asked = tab_named(request.GET.get("show", ""))
    filled = _filled(
        request,
        [box for box in shown if not box.is_beside],
        tabs={asked[0].name: asked[1]} if asked else {},
    )
    tickets = [each.content for each in filled if isinstance(each.content, Tickets)]
    context = {
        "menu": "dashboard",
        "now": timezone.now(),
        "about": Place(reverse("desk:home"), {}),
        "since": since,
        "boxes": filled,
        "beside": [box for box in shown if box.is_beside],
        "nothing_to_do": nothing_to_do(request, tickets),
        "arrangement": ArrangementForm.of(preferences),
    }
    return allow_editor(request, render(request, "desk/dashboard/dashboard.html", context))


@require_safe
@agent_required
def beside(request: AgentRequest) -> HttpResponseBase:
    """The right column; a page of its own for who has no script."""
    wanted = [placed.box for placed in arranged(preferences_of(request.user)) if placed.is_shown]
    filled = _filled(request, [box for box in wanted if box.is_beside])
    name = "_beside" if getattr(request, "htmx", False) else "beside"
    response = render(request, f"desk/dashboard/{name}.html", {"menu": "dashboard", "boxes": filled})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@agent_required
def choose_tab(request: AgentRequest) -> HttpResponseBase:
    """Keep which tab of a box is shown, and show it."""
    chosen = tab_named(request.POST.get("show", ""))
    if chosen is None:
        raise BadRequest
    box, tab = chosen
    keep_tab(agent=request.user, box=box.name, tab=tab)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{reverse('desk:home')}?show={show_of(box, tab)}#box-{box.name}")
    (filled,) = _filled(request, [box], tabs={box.name: tab})
    context = {"box": filled.box, "content": filled.content}
    return render(request, box.template, context)


@require_POST
@agent_required
def arrange(request: AgentRequest) -> HttpResponse:
    """Keep which boxes there are, in which order, and how many tickets each has."""
    form = ArrangementForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    keep_boxes(agent=request.user, order=form.order, hidden=form.hidden, rows=form.rows)
    return redirect(reverse("desk:home") + (f"#plaats-{form.moved}" if form.moved else ""))


@require_POST
@agent_required
def fold_welcome(request: AgentRequest) -> HttpResponse:
    """Keep whether the words of welcome are folded away."""
    keep_welcome_folded(agent=request.user, is_folded=request.POST.get("folded") == "1")
    return HttpResponse(status=204)


def _filled(
    request: AgentRequest, boxes: Iterable[Box], *, tabs: Mapping[str, Tab] | None = None
) -> list[Filled]:
    """The boxes that have something to show; those of tickets are filled together."""
    boxes = list(boxes)
    of_tickets = fill_tickets(request, [box for box in boxes if isinstance(box, TicketBox)], tabs=tabs or {})
    contents = [
        (box, box.fill(request) if isinstance(box, OwnBox) else of_tickets[box.name]) for box in boxes
    ]
    return [Filled(box, content) for box, content in contents if content is not None]
