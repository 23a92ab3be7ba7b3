"""Asking colleagues about a ticket ('Vraag het aan'): a row each, until they write in it or tick it off.

It gives no right: whom the ticket's queue is shut for can't be asked.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.absence import away_until
from accounts.models import Agent
from queues.owners import readers_in
from tickets.changing.changes import NOTHING, Changes, Side
from tickets.changing.once import Done
from tickets.errors import BadInput
from tickets.models import Asked, Ticket

AT_ONCE_MOST = 20
WAITING_MOST = 1_000
"""What one agent can be asked and not have done yet: their list is sorted as a whole."""


def check_asked(agents: Sequence[Agent], *, by: Agent | None, queue_id: int) -> None:
    """Raise `BadInput` for whom nobody can ask about a ticket of this queue."""
    if not agents:
        return
    if len(agents) > AT_ONCE_MOST:
        raise BadInput("ask", _("Ask at most %(n)s colleagues at once.") % {"n": AT_ONCE_MOST})
    ids = [agent.pk for agent in agents]
    readers = set(readers_in(queue_id).filter(pk__in=ids).values_list("pk", flat=True))
    waiting = dict(
        Asked.objects.filter(agent__in=ids, done_at=None).values_list("agent").annotate(n=Count("pk"))
    )
    for agent in agents:
        if agent == by:
            raise BadInput("ask", _("Ask a colleague: you know of it yourself."))
        if agent.pk not in readers:
            sentence = _("%(who)s does not see tickets in that queue. Ask somebody else.")
            raise BadInput("ask", sentence % {"who": agent})
        if waiting.get(agent.pk, 0) >= WAITING_MOST:
            sentence = _("%(who)s has too many questions waiting. Ask somebody else.")
            raise BadInput("ask", sentence % {"who": agent})


def tell_asked(changes: Changes, agents: Sequence[Agent]) -> None:
    """Let the event tell who is asked; raises `BadInput`."""
    check_asked(agents, by=changes.actor.agent, queue_id=changes.ticket.queue_id)
    for agent in agents:
        changes.sides[f"asked:{agent.pk}"] = side_of(agent)


def side_of(agent: Agent, *, until: date | None = None) -> list[Side]:
    """Somebody who was asked, as an event tells of them; of who is away the last day of that, not an id."""
    return [NOTHING, Side(id=until.isoformat() if until else agent.pk, label=str(agent))]


def ask(agents: Sequence[Agent], *, done: Done) -> None:
    """Keep whom this deed asks; what they were asked before and have not done, this is instead of.

    Of who is away it is known by then: the name that is ticked says so.
    """
    if not agents:
        return
    at = done.event.at
    end_asking(done.ticket, *agents, now=at)
    asked = {"ticket": done.ticket, "asked_by": done.event.agent, "event": done.event, "at": at}
    Asked.objects.bulk_create(
        Asked(agent=agent, away_until=away_until(agent, now=at), **asked) for agent in agents
    )


def end_asking(ticket: Ticket, *agents: Agent, now: datetime) -> int:
    """What these were asked about the ticket is done; gives how many questions that was."""
    return Asked.objects.filter(ticket=ticket, agent__in=agents, done_at=None).update(done_at=now)
