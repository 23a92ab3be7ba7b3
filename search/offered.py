"""What somebody may choose among when they search: what they may see, and nothing else."""

from functools import cached_property

from django.db.models import Q

from accounts.models import Agent
from queues.models import SEPARATOR, Queue, QueuePermission
from queues.owners import OWNING, READING
from search.filter_kinds import Choice
from tickets.actor import Actor
from tickets.models import State

ME, NOBODY = "me", "none"
"""Whoever asks, as the owner of a ticket; and that it has none."""


class Offered:
    """The choices of one who asks; each kind is one statement, the first time that it is asked for."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def queues(self) -> list[Choice]:
        """The queues whose tickets they may see, in use or not."""
        visible = Queue.objects.filter(pk__in=sorted(self.actor.agent_rights.visible))
        return [(str(pk), name) for pk, name in visible.values_list("pk", "name")]

    @cached_property
    def agents(self) -> list[Choice]:
        """All who may read or own tickets in one of these queues, also who is no longer here."""
        granted = QueuePermission.objects.filter(
            queue_id__in=sorted(self.actor.agent_rights.visible), right__in={*OWNING, *READING}
        )
        agents = Agent.objects.filter(Q(groups__in=granted.values("group_id")) | Q(is_superuser=True))
        in_order = agents.distinct().order_by("first_name", "last_name", "username")
        return [(str(agent.pk), str(agent)) for agent in in_order]

    @cached_property
    def states(self) -> list[Choice]:
        """All states: tickets may have one that is out of use."""
        return [(str(state.pk), str(state)) for state in State.objects.all()]

    def below(self, chosen: list[str]) -> list[str]:
        """These queues, and those below them in the tree that may be seen."""
        names = {key: str(name) for key, name in self.queues}
        tops = tuple(f"{names[key]}{SEPARATOR}" for key in chosen)
        return [key for key, name in names.items() if key in chosen or name.startswith(tops)]
