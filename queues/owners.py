"""Where a ticket can go, and to whom."""

from collections.abc import Sequence

from django.db.models import Case, Q, QuerySet, When

from accounts.models import Agent
from queues.access import Rights
from queues.models import Queue, QueuePermission

Right = QueuePermission.Right
OWNING = (Right.OWNER, Right.ALL)
"""The rights by which one may own a ticket."""
READING = (Right.READ, Right.ALL)
"""The rights by which one may read it."""


def queues_to_move_into(*, rights: Rights, but: int | None = None) -> QuerySet[Queue]:
    """The queues in use that the agent may move tickets into, but for the one it is in."""
    ids = rights.ids(Right.MOVE_INTO) - {but}
    return Queue.objects.filter(pk__in=sorted(ids), is_active=True)


def queues_to_create_in(*, rights: Rights) -> QuerySet[Queue]:
    """The queues in use that the agent may make tickets in (OTRS 7.36)."""
    return Queue.objects.filter(pk__in=sorted(rights.ids(Right.CREATE)), is_active=True)


def queues_to_write_from(*, rights: Rights) -> QuerySet[Queue]:
    """Those of them that have an address to send from, with it and with what stands below their mails."""
    queues = queues_to_create_in(rights=rights).exclude(sender=None)
    return queues.select_related("sender", "signature")


def possible_owners(*, rights: Rights, right: str) -> QuerySet[Agent]:
    """The agents who may own tickets in one of the queues where this agent has `right`, as to move into them.

    Whether one may in the queue that is chosen is checked by the action; `owned_queues` says who may where.
    """
    return _agents_of(_owning(rights, right))


def owned_queues(*, rights: Rights, right: str) -> dict[int, set[int]]:
    """Agent's id → the queues, of those with `right`, where they may own tickets; superusers may in each."""
    return _queues_of(_owning(rights, right))


def possible_readers(*, rights: Rights, right: str) -> QuerySet[Agent]:
    """The others who may read in one of the queues where this agent has `right`; `read_queues` says where."""
    return _agents_of(_granted(rights, right, READING)).exclude(pk=rights.agent_id)


def read_queues(*, rights: Rights, right: str) -> dict[int, set[int]]:
    """Agent's id → the queues, of those with `right`, where they may read; superusers may in each."""
    return _queues_of(_granted(rights, right, READING))


def those_in_order(agents: QuerySet[Agent], *, ids: Sequence[int]) -> QuerySet[Agent]:
    """Those of the agents who have these ids, in the order of the ids."""
    order = Case(*(When(pk=pk, then=place) for place, pk in enumerate(ids)), default=len(ids))
    return agents.filter(pk__in=ids).order_by(order)


def owners_in(*queue_ids: int) -> QuerySet[Agent]:
    """The agents who may own tickets in one of these queues."""
    return _agents_of(QueuePermission.objects.filter(queue_id__in=sorted(queue_ids), right__in=OWNING))


def colleagues(*, rights: Rights) -> QuerySet[Agent]:
    """The others who may own tickets in one of the queues that this agent sees."""
    return owners_in(*rights.visible).exclude(pk=rights.agent_id)


def readers_in(queue_id: int, *, but: int = 0) -> QuerySet[Agent]:
    """The agents who may read in this queue, but for this one."""
    granted = QueuePermission.objects.filter(queue_id=queue_id, right__in=READING)
    return _agents_of(granted).exclude(pk=but)


def _owning(rights: Rights, right: str) -> QuerySet[QueuePermission]:
    return _granted(rights, right, OWNING)


def _granted(rights: Rights, right: str, wanted: Sequence[str]) -> QuerySet[QueuePermission]:
    """The grants of what is wanted in the queues where an agent has `right`."""
    return QueuePermission.objects.filter(queue_id__in=sorted(rights.ids(right)), right__in=wanted)


def _queues_of(granted: QuerySet[QueuePermission]) -> dict[int, set[int]]:
    queues: dict[int, set[int]] = {}
    for agent, queue in granted.values_list("group__agents", "queue_id"):
        queues.setdefault(agent, set()).add(queue)
    return queues


def _agents_of(granted: QuerySet[QueuePermission]) -> QuerySet[Agent]:
    """Those in use to whom one of these is granted, and superusers, by name; each with who stands in."""
    able = Q(groups__in=granted.values("group_id")) | Q(is_superuser=True)
    return (
        Agent.objects.filter(able, is_active=True)
        .select_related("preferences__stand_in")
        .distinct()
        .order_by("first_name", "last_name", "username")
    )
