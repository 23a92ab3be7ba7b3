"""Buiten kantoortijd: which colleagues are away, until when, and who stands in for them."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.absence import away_until, stand_in_of, those_away
from desk.frame import AgentRequest
from queues.owners import colleagues

AWAY_MOST = 6


@dataclass(frozen=True, slots=True)
class Away:
    """A colleague who is away: the last day of it, and the name of who stands in, '' for nobody."""

    name: str
    initials: str
    until: date | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class AwayNow:
    """Those who are back first, and how many more there are."""

    people: list[Away]
    others: int


def fill_away(request: AgentRequest) -> AwayNow:
    """Of the colleagues who may own tickets in one of the queues that the agent sees; one statement."""
    now = timezone.now()
    found = those_away(colleagues(rights=request.rights), now=now)
    people = [
        Away(
            name=str(agent),
            initials=_initials(str(agent)),
            until=away_until(agent, now=now),
            stand_in=str(stand_in_of(agent) or ""),
        )
        for agent in found[:AWAY_MOST]
    ]
    return AwayNow(people, others=len(found) - len(people))


def _initials(name: str) -> str:
    """'Sanne de Wit' → 'SW'."""
    first, *more = [word[0].upper() for word in name.split() if word[0].isalpha()] or [""]
    return first + "".join(more[-1:])
