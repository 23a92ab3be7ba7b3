"""The tree of queues above the queue overview, with its counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from queues.access import Rights
from queues.models import SEPARATOR
from queues.subscriptions import queues_of
from tickets.queries.counts import Counts, QueueCounts, queue_counts

QUEUE_ID = 10**18
"""Stands for a queue's id in the address that is looked up once for all of them."""


@dataclass(slots=True)
class Branch:
    """A queue of the tree, with the numbers of it and of the queues below it.

    One that is only a parent's name, or not the agent's, has no id and no address.
    """

    name: str
    short: str
    queue_id: int | None = None
    address: str = ""
    all_counts: Counts = field(default_factory=Counts)
    children: list["Branch"] = field(default_factory=list)
    is_open: bool = False
    is_current: bool = False
    is_out_of_use: bool = False

    @property
    def below(self) -> list["Branch"]:
        """All branches under this one, a parent before its children."""
        return [branch for child in self.children for branch in (child, *child.below)]


@dataclass(frozen=True, slots=True)
class Tree:
    """The branches, and what the list below is about: the agent's own queues, or one queue."""

    branches: list[Branch]
    counts: QueueCounts
    mine: list[int]
    current: Branch | None

    @property
    def my_counts(self) -> Counts:
        """The numbers of 'Mijn wachtrijen'."""
        return self.counts.of(*self.mine)

    @property
    def shown(self) -> list[int]:
        """The queues whose tickets the list shows: those chosen, with the queues below the chosen one."""
        return self.mine if self.current is None else list(_queue_ids(self.current))


def tree_of(*, rights: Rights, queue_id: int | None) -> Tree:
    """The tree as the agent of these rights may see it, open at the chosen queue: two queries.

    Queues that are out of use are left out, but for those with open tickets (mail may still come for them,
    and must not lie there unseen) and for the one that is asked for.
    """
    counts, queues = queue_counts(rights=rights), queues_of(rights)
    branches: dict[str, Branch] = {}
    address = reverse("desk:queue", args=[QUEUE_ID])
    for queue in queues:
        if not (queue.is_active or queue.pk == queue_id or counts.of(queue.pk).open):
            continue
        branch = _branch(branches, queue.name)
        branch.queue_id, branch.address = queue.pk, address.replace(str(QUEUE_ID), str(queue.pk))
        branch.is_out_of_use = not queue.is_active
        _add(branches, queue.name, counts.of(queue.pk))
        if queue.pk == queue_id:
            branch.is_current = True
            _open(branches, queue.name)
    top = [branch for name, branch in branches.items() if SEPARATOR not in name]
    current = next((branch for branch in branches.values() if branch.is_current), None)
    mine = sorted(queue.pk for queue in queues if queue.is_mine)
    return Tree(
        branches=sorted(top, key=lambda branch: branch.name.lower()),
        counts=counts,
        mine=mine,
        current=current,
    )


def queues_shown(*, rights: Rights, queue_id: int | None) -> list[int]:
    """The queues whose open tickets the tree leads to: the agent's own, or the chosen one and those below it.

    One query: what the tree leaves out as out of use has no open tickets. Empty for one that can't be seen.
    """
    queues = queues_of(rights)
    if queue_id is None:
        return [queue.pk for queue in queues if queue.is_mine]
    chosen = [queue.name for queue in queues if queue.pk == queue_id]
    below = tuple(f"{name}{SEPARATOR}" for name in chosen)
    return [queue.pk for queue in queues if queue.name in chosen or queue.name.startswith(below)]


def _branch(branches: dict[str, Branch], name: str) -> Branch:
    """The branch of that name, with the branches above it."""
    if name not in branches:
        parent, _separator, short = name.rpartition(SEPARATOR)
        branches[name] = Branch(name=name, short=short)
        if parent:
            _branch(branches, parent).children.append(branches[name])
    return branches[name]


def _add(branches: dict[str, Branch], name: str, counts: Counts) -> None:
    """Count a queue's tickets at its branch and at every branch above it."""
    while name:
        branches[name].all_counts += counts
        name = name.rpartition(SEPARATOR)[0]


def _open(branches: dict[str, Branch], name: str) -> None:
    while name:
        branches[name].is_open = True
        name = name.rpartition(SEPARATOR)[0]


def _queue_ids(branch: Branch) -> Iterable[int]:
    if branch.queue_id is not None:
        yield branch.queue_id
    for child in branch.children:
        yield from _queue_ids(child)
