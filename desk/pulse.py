"""The pulse of a page: once a minute it asks whether its figures are still true and whether there is news."""

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.place import place_asked, selection_of
from desk.lists.registry import LISTS
from desk.words import counted
from desk.writing.typed import read_number
from tickets.queries.newer import News, newer_in_list, newer_in_ticket

NUMBER_MOST = 50
NO_CONTENT = 204


@require_safe
@agent_required
def pulse(request: AgentRequest) -> HttpResponseBase:
    """What changed of what the page says that it shows; 204 where that is nothing.

    It says its `counters`, and of a ticket's number or a list (`from`) the event up to which it tells
    (`since`). The answer has the figures, whether there is news, and from where to look the next time.
    """
    since = read_number(request.GET.get("since")) or 0
    news, counters = _news(request, since=since), request.counters
    if not news.is_there and news.upto == since and counters.token == request.GET.get("counters"):
        return HttpResponse(status=NO_CONTENT)
    figures = {name: counted(getattr(counters, name)) for name in ("asked", "locked", "owned")}
    return JsonResponse(
        {"counters": counters.token, "figures": figures, "news": news.is_there, "since": news.upto}
    )


def _news(request: AgentRequest, *, since: int) -> News:
    """Of the ticket or the list that the page shows; none where it shows neither, or it is shut by now."""
    number, place = request.GET.get("ticket", "").replace("\0", ""), place_asked(request.GET)
    if since and number:
        return newer_in_ticket(number[:NUMBER_MOST], actor=request.actor, after=since)
    selection = selection_of(request, place, lists=LISTS) if since and place else None
    if selection is None:
        return News(is_there=False, upto=since)
    return newer_in_list(selection.which, actor=request.actor, queues=selection.queues, after=since)
