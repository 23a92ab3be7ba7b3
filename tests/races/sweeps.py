"""What beat does to many tickets at once, as one side of a race."""

from collections.abc import Callable

from accounts.models import Agent
from tests.factories import NOW
from tickets.actions.asked import tell_in_vain
from tickets.models import Asked, Event, Ticket
from tickets.states import state_by_key

Two = tuple[Ticket, Ticket]
Side = Callable[[Agent, Two], object]


def swept(sweep: Callable[[], int], due: Callable[[], dict[str, object]]) -> Side:
    """What beat does to all that are due, as both are made first; what another holds has its turn later."""

    def side(agent: Agent, tickets: Two) -> None:
        for ticket in tickets:
            Ticket.objects.filter(pk=ticket.pk, merged_into=None).update(**due())
        sweep()

    return side


def gone() -> Agent:
    """Who can't sign in any more."""
    return Agent.objects.get_or_create(username="weg", defaults={"is_active": False})[0]


def held_by_who_is_gone() -> dict[str, object]:
    """Of a ticket whose lock nobody will give back."""
    return {"locked": True, "owner": gone()}


def out_of_sight(agent: Agent, tickets: Two) -> None:
    """Both were asked of somebody who does not see them any more."""
    for ticket in tickets:
        asked = {"ticket": ticket, "agent": gone(), "asked_by": agent, "event": Event.objects.latest("pk")}
        Asked.objects.bulk_create([Asked(**asked)], ignore_conflicts=True)
        Asked.objects.filter(ticket=ticket).update(out_of_sight_at=None)
    tell_in_vain(now=NOW)


def alarmed() -> dict[str, object]:
    """Of a ticket of which the clock has something to tell."""
    return {"alarm_at": NOW}


def waited() -> dict[str, object]:
    """Of a ticket that is to close by now."""
    state = state_by_key("pending_auto_close_success")
    return {"state": state, "state_type": state.type, "pending_until": NOW}
