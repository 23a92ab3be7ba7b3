"""'Mijn wachtrijen': the queues an agent wants to keep an eye on."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from queues.access import Rights
from queues.models import Queue, QueueSubscription


class VisibleQueue(NamedTuple):
    """A queue the agent may see, in use or not, and whether it is one of their own."""

    pk: int
    name: str
    is_active: bool
    is_mine: bool


def queues_of(rights: Rights) -> list[VisibleQueue]:
    """Every queue the agent of these rights may see, by name, in one statement."""
    mine = QueueSubscription.objects.filter(agent=rights.agent_id, queue=OuterRef("pk"))
    visible = Queue.objects.filter(pk__in=sorted(rights.visible)).annotate(is_mine=Exists(mine))
    return [
        VisibleQueue(*row)
        for row in visible.order_by("name").values_list("pk", "name", "is_active", "is_mine")
    ]


def own_queues(rights: Rights) -> frozenset[int]:
    """The ids of the agent's own queues, as far as they may see them."""
    mine = QueueSubscription.objects.filter(agent=rights.agent_id).values_list("queue_id", flat=True)
    return rights.visible.intersection(mine)


@transaction.atomic
def subscribe(*, rights: Rights, queue_ids: Iterable[int]) -> None:
    """Make these the own queues of the agent of these rights, as far as they may see them."""
    chosen = rights.visible.intersection(queue_ids)
    QueueSubscription.objects.filter(agent=rights.agent_id).exclude(queue_id__in=chosen).delete()
    QueueSubscription.objects.bulk_create(
        (QueueSubscription(agent_id=rights.agent_id, queue_id=queue_id) for queue_id in sorted(chosen)),
        ignore_conflicts=True,
    )
