"""'Mijn wachtrijen': the queues an agent wants to keep an eye on."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from accounts.models import Agent
from queues.access import Rights
from queues.models import Queue, QueueSubscription


def queues_visible(rights: Rights, *, with_one: int | None = None) -> list[tuple[int, str]]:
    """Id and name of each queue the agent may see, by name.

    Queues that are out of use are left out, but for the one that is asked for: its tickets are still there.
    """
    wanted = Q(is_active=True) | Q(pk=with_one)
    visible = Queue.objects.filter(wanted, pk__in=sorted(rights.visible))
    return list(visible.order_by("name").values_list("pk", "name"))


def subscribed(agent: Agent) -> list[int]:
    """The ids of the agent's own queues, whether they may still see them or not."""
    return list(QueueSubscription.objects.filter(agent=agent).values_list("queue_id", flat=True))


@transaction.atomic
def subscribe(*, agent: Agent, rights: Rights, queue_ids: Iterable[int]) -> None:
    """Make these the agent's own queues, as far as they may see them."""
    wanted = rights.visible.intersection(queue_ids)
    QueueSubscription.objects.filter(agent=agent).exclude(queue_id__in=wanted).delete()
    QueueSubscription.objects.bulk_create(
        (QueueSubscription(agent=agent, queue_id=queue_id) for queue_id in sorted(wanted)),
        ignore_conflicts=True,
    )
