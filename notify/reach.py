"""Which agents can be told anything by mail at all."""

from collections.abc import Iterable

from accounts.models import Agent
from accounts.preferences import is_mail_stopped
from queues.ours import ours_among


def reachable(agent_ids: Iterable[int]) -> list[Agent]:
    """Those of these agents who can be mailed, with their preferences; two statements.

    Not who can't sign in, has no address, or one that leads back to us (OTRS 10.5, 10.10), nor one from which
    our mails came back.
    """
    rows = Agent.objects.filter(pk__in=set(agent_ids), is_active=True).exclude(email="")
    agents = [agent for agent in rows.select_related("preferences") if not is_mail_stopped(agent)]
    ours = ours_among({agent.email for agent in agents})
    return [agent for agent in agents if agent.email not in ours]
