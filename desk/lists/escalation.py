"""Escalatieoverzicht: the tickets of which a term is over, or ends today, tomorrow, within a week."""

from collections.abc import Mapping

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Segment, listing, show
from desk.lists.place import Selection
from desk.words import counted
from tickets.queries.counted import is_whole
from tickets.queries.escalation import LATE, TODAY, TOMORROW, WEEK, escalating, escalation_counts, windows
from tickets.queries.pages import page_of

NAMES: Mapping[str, tuple[str, str | Promise]] = {
    "te-laat": (LATE, gettext_lazy("too late")),
    "vandaag": (TODAY, gettext_lazy("today")),
    "morgen": (TOMORROW, gettext_lazy("tomorrow")),
    "week": (WEEK, pgettext_lazy("the seven days from now", "next week")),
}
"""What stands in the address → the window, and what it is called."""


def select(request: AgentRequest, *, show: str, which: str = "te-laat") -> Selection:
    """The tickets of every queue the agent may read of which a term ends then."""
    if which not in NAMES:
        raise Http404
    window = windows(now=timezone.now())[NAMES[which][0]]
    return Selection(escalating(window), request.rights.visible, ListKind.ESCALATION)


@require_safe
@agent_required
def escalation(request: AgentRequest, which: str = "") -> HttpResponseBase:
    """The tickets of which a term ends then, the first to end first; locked ones, too (OTRS 9.24).

    Without a word which: the first of these lists that has any.
    """
    due = windows(now=timezone.now())
    counts = dict(zip(NAMES, escalation_counts(list(due.values()), rights=request.rights), strict=True))
    which = which or next((name for name, count in counts.items() if count), next(iter(NAMES)))
    selection = select(request, show="", which=which)
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    page = page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish)
    shown = listing(
        request,
        title=_("Escalation overview"),
        page=page,
        asked=asked,
        total=counts[which] if is_whole(counts[which]) else None,
        segments=[
            Segment(word, counted(counts[name]), _address(name), current=name == which)
            for name, (_window, word) in NAMES.items()
        ],
        empty_title=_("Nothing is too late") if NAMES[which][0] == LATE else _("No term ends then"),
        empty_text=_("Terms are promised by a queue, and run in its working hours only."),
    )
    return show(request, shown)


def _address(which: str) -> str:
    return reverse("desk:escalation_of", args=[which])
