"""Who may do what: the rights of an agent, read once a request, and the literal queue ids they come to.

A queue without any grant exists for superusers only. `rw` contains every other right; no other right
contains another (OTRS 4.3, 4.4).
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from accounts.models import Agent
from queues.models import Queue, QueuePermission

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True)
class Rights:
    """An agent's queue ids per right. Ids, not a sub-query: the planner must see them (40 ms against 2.6).

    `keeps_texts`: the queues for which they may keep an answer as a standard answer.
    """

    agent_id: int
    queues: dict[str, frozenset[int]]
    keeps_texts: frozenset[int] = frozenset()

    def ids(self, right: str) -> frozenset[int]:
        """The queues in which the agent has `right`, on its own or through `rw`."""
        return self.queues.get(right, frozenset()) | self.queues.get(Right.ALL, frozenset())

    def may(self, right: str, queue_id: int) -> bool:
        """Whether the agent has `right` in that queue."""
        return queue_id in self.ids(right)

    def cut_to(self, scope: Collection[str]) -> "Rights":
        """Of these rights those in `scope`: what is left of an agent's by a token that carries only them."""
        return Rights(agent_id=self.agent_id, queues={right: self.ids(right) for right in scope})

    @property
    def visible(self) -> frozenset[int]:
        """The queues whose tickets the agent may see."""
        return self.ids(Right.READ)

    @property
    def may_create(self) -> bool:
        """Whether there is a queue in which the agent may make tickets."""
        return bool(self.ids(Right.CREATE))


def rights_of(agent: Agent) -> Rights:
    """The rights of an agent, in one query; of a superuser: everything, everywhere."""
    return rights_of_all([agent])[agent.pk]


def rights_of_all(agents: Collection[Agent]) -> dict[int, Rights]:
    """The rights of several agents, by id, in one query; in one more where a superuser is among them."""
    superusers = {agent.pk for agent in agents if agent.is_active and agent.is_superuser}
    others = {agent.pk for agent in agents if agent.is_active} - superusers
    granted: dict[int, dict[str, set[int]]] = {agent.pk: {} for agent in agents}
    keeps_texts: dict[int, set[int]] = {agent.pk: set() for agent in agents}
    if superusers:
        everywhere = set(Queue.objects.values_list("pk", flat=True))
        granted |= {pk: {Right.ALL.value: everywhere} for pk in superusers}
        keeps_texts |= dict.fromkeys(superusers, everywhere)
    if others:
        rows = QueuePermission.objects.filter(group__agents__in=others)
        asked = rows.values_list("group__agents", "right", "queue_id", "group__keeps_texts")
        for agent_id, right, queue_id, group_keeps_texts in asked:
            granted[agent_id].setdefault(right, set()).add(queue_id)
            if group_keeps_texts and right == Right.ALL:
                keeps_texts[agent_id].add(queue_id)
    return {
        agent_id: Rights(
            agent_id=agent_id,
            queues={right: frozenset(ids) for right, ids in queues.items()},
            keeps_texts=frozenset(keeps_texts[agent_id]),
        )
        for agent_id, queues in granted.items()
    }


Pairs = frozenset[frozenset[int]]


def shared_readers(queues: Collection[int]) -> Pairs:
    """Which two of these queues (by id) somebody sees through one group of theirs; in one statement.

    A superuser alone is nobody. Of fewer than two queues nothing is asked.
    """
    if len(queues) < 2:
        return frozenset()
    rows = QueuePermission.objects.filter(
        queue__in=queues, right__in=(Right.READ, Right.ALL), group__agents__is_active=True
    )
    groups: dict[int, set[int]] = {}
    for group, queue in rows.values_list("group", "queue").distinct():
        groups.setdefault(group, set()).add(queue)
    return frozenset(frozenset(pair) for seen in groups.values() for pair in combinations(seen, 2))
