"""Which agents can be told anything by mail at all, and who is told it instead of one who is away."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.absence import are_away, away_until
from accounts.models import Agent
from accounts.preferences import is_mail_stopped, preferences_of
from queues.ours import ours_among


class Reach:
    """Those of some agents who can be mailed, and of who stands in for them; two statements.

    Not who can't sign in, has no address, or one that leads back to us (OTRS 10.5, 10.10), nor one from which
    our mails came back. `agents`: by id, with their preferences, whether they are there or away.
    """

    def __init__(self, agent_ids: Iterable[int], *, now: datetime) -> None:
        self.now, ids = now, set(agent_ids)
        stand_ins = Agent.objects.filter(are_away(now=now), pk__in=ids).values("preferences__stand_in")
        rows = Agent.objects.filter(Q(pk__in=ids) | Q(pk__in=stand_ins), is_active=True).exclude(email="")
        agents = [agent for agent in rows.select_related("preferences") if not is_mail_stopped(agent)]
        ours = ours_among({agent.email for agent in agents})
        self.agents = {agent.pk: agent for agent in agents if agent.email not in ours}

    def is_away(self, agent: Agent) -> bool:
        """Whether the agent is out of office, and told nothing."""
        return away_until(agent, now=self.now) is not None

    def there(self, agent_id: int | None) -> Agent | None:
        """The agent, if they can be mailed and are not away."""
        agent = self.agents.get(agent_id or 0)
        return None if agent is None or self.is_away(agent) else agent

    def to_tell(self, agent: Agent) -> Agent | None:
        """The agent, or who stands in for one who is away: by one step, as who is away has no stand-in."""
        return self.there(preferences_of(agent).stand_in_id) if self.is_away(agent) else agent
