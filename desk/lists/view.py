"""How an agent likes lists: S, M or L, so many tickets a page, sorted by this column."""

from urllib.parse import quote

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.preferences import keep_order, keep_page_size, keep_view
from desk.frame import AgentRequest, agent_required, page_asked_for


@require_POST
@agent_required
def set_view(request: AgentRequest) -> HttpResponseBase:
    """Keep the choice and show the same list again, with the focus where it was: on the button pressed."""
    chosen = request.POST
    keep_view(agent=request.user, view=chosen.get("view", ""))
    keep_page_size(agent=request.user, size=chosen.get("size", ""))
    order = chosen.get("order", "") or chosen.get("sort", "")  # a column's head, a button at the list's foot
    keep_order(agent=request.user, kind=chosen.get("list", ""), order=order)
    pressed = next(
        (f"#{name}-{_word(chosen[name])}" for name in ("view", "size", "order", "sort") if name in chosen), ""
    )
    return HttpResponseRedirect((page_asked_for(request) or reverse("desk:queues")) + pressed)


def _word(value: str) -> str:
    """What a button is called by in its page: its value, of an order the column alone."""
    return quote(value.partition(":")[0][:20])
