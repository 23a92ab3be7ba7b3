"""Where a ticket can go, and to whom."""

from django.db.models import Q, QuerySet

from accounts.models import Agent
from queues.access import Rights
from queues.models import Queue, QueuePermission

Right = QueuePermission.Right


def queues_to_move_into(*, rights: Rights, but: int) -> QuerySet[Queue]:
    """The queues in use that the agent may move tickets into, but for the one it is in."""
    return Queue.objects.filter(pk__in=sorted(rights.ids(Right.MOVE_INTO)), is_active=True).exclude(pk=but)


def possible_owners(*, rights: Rights) -> QuerySet[Agent]:
    """The agents who may own tickets in one of the queues that this agent may move into.

    Whether one may in the queue that is chosen is checked by the action.
    """
    granted = QueuePermission.objects.filter(
        queue_id__in=sorted(rights.ids(Right.MOVE_INTO)), right__in=[Right.OWNER, Right.ALL]
    )
    groups = granted.values("group_id")
    able = Q(groups__in=groups) | Q(is_superuser=True)
    return (
        Agent.objects.filter(able, is_active=True).distinct().order_by("first_name", "last_name", "username")
    )
