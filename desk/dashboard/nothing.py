"""When nothing waits for an agent: what was answered this week, and for how many people."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.tickets import Tickets
from desk.frame import AgentRequest
from tickets.queries.week import answered_this_week


def nothing_to_do(request: AgentRequest, boxes: list[Tickets]) -> str:
    """The sentence of who has nothing to do; '' where something waits in a box, a colleague asks them
    something, or there is no box.

    Who has queues of their own is not kept busy by those of others.
    """
    if not boxes or request.counters.asked or any(box.to_do for box in boxes):
        return ""
    answered = answered_this_week(rights=request.rights, now=timezone.now())
    if not answered.tickets:
        return _("There is nothing that waits for you.")
    tickets = ngettext("%(n)s question", "%(n)s questions", answered.tickets) % {"n": answered.tickets}
    people = ngettext("%(n)s person", "%(n)s people", answered.people) % {"n": answered.people}
    return _("Answered this week: %(tickets)s, for %(people)s.") % {"tickets": tickets, "people": people}
