"""What every page of the frame shows besides its own content."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Agent
from queues.access import Rights, rights_of
from tickets.queries.counts import MyCounters, my_counters


def frame(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`: whether this is a demo, and the figures in the title bar."""
    return {"is_demo": settings.DEMO, "counters": SimpleLazyObject(lambda: _counters(request))}


def _counters(request: HttpRequest) -> MyCounters:
    if not isinstance(request.user, Agent):
        return MyCounters(locked=0, owned=0)
    rights = getattr(request, "rights", None)
    known = rights if isinstance(rights, Rights) else rights_of(request.user)
    return my_counters(agent=request.user, rights=known)
