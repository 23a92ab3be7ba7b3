"""Buiten kantoortijd: an agent is away for whole days, the first and the last of them included (OTRS 13.5).

It ends by itself. A stand-in is named to colleagues, and gets no right by it.
"""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent
from accounts.preferences import keep, preferences_of


def away_until(agent: Agent, *, now: datetime) -> date | None:
    """The last day that the agent is away; None for one who is there."""
    likes, today = preferences_of(agent), timezone.localdate(now)
    if likes.away_from is None or likes.away_until is None:
        return None
    return likes.away_until if likes.away_from <= today <= likes.away_until else None


def are_away(*, now: datetime, of: str = "") -> Q:
    """The same of the agents of a statement, who are at `of`, as 'agent__'."""
    today = timezone.localdate(now)
    return Q(**{f"{of}preferences__away_from__lte": today, f"{of}preferences__away_until__gte": today})


def stand_in_of(agent: Agent) -> Agent | None:
    """Who stands in for the agent while they are away; nobody who can't sign in."""
    stand_in = preferences_of(agent).stand_in
    return stand_in if stand_in is not None and stand_in.is_active else None


def those_away(agents: QuerySet[Agent], *, now: datetime) -> list[Agent]:
    """Those of the agents who are away, who is back first before others; one statement."""
    away = agents.filter(are_away(now=now))
    return list(away.order_by("preferences__away_until", "first_name", "last_name", "username"))


def name_now(agent: Agent) -> str:
    """The agent's name; of one who is away with until when, and who stands in for them."""
    until = away_until(agent, now=timezone.now())
    if until is None:
        return str(agent)
    stand_in = stand_in_of(agent)
    words = {"name": agent, "day": f"{until:%d-%m-%Y}", "stand_in": stand_in}
    if stand_in is None:
        return _("%(name)s (away until %(day)s)") % words
    return _("%(name)s (away until %(day)s, %(stand_in)s stands in)") % words


def end_absence(*, agent: Agent) -> None:
    """The agent is there again."""
    keep(agent=agent, away_from=None, away_until=None)
