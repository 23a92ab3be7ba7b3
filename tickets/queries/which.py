"""Which tickets a list is about: conditions that an index serves, whose texts are constants of this file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Agent
from tickets.queries.orders import CLOSED_ORDERS, OPEN_ORDERS, REMINDER_ORDERS, Order

Value = str | int | datetime | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Which:
    """Which tickets: an SQL condition on the ticket `t`, and the values it names.

    `orders`: how they can be sorted, the usual way first; what only narrows others down has none of its own.
    `by_index`: the orders in which an index has each queue's tickets that meet the condition. In any other
    all of them are sorted, so they must be few.
    """

    where: str
    values: Mapping[str, Value] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    by_index: frozenset[str] = frozenset()

    def __and__(self, other: "Which") -> "Which":
        """The tickets that meet both; an order is served by an index where it is so for both."""
        if twice := sorted(self.values.keys() & other.values.keys()):
            raise ValueError(f"two conditions name the value {twice[0]}")
        return Which(
            where=f"({self.where}) AND ({other.where})",
            values={**self.values, **other.values},
            orders=self.orders or other.orders,
            by_index=self.by_index & other.by_index,
        )


OPEN = Which(
    "t.state_type IN ('new', 'open', 'pending_reminder', 'pending_auto')",
    orders=OPEN_ORDERS,
    by_index=frozenset({"age"}),
)
CLOSED = Which("t.closed_at IS NOT NULL", orders=CLOSED_ORDERS, by_index=frozenset(CLOSED_ORDERS))

AVAILABLE = OPEN & Which("NOT t.locked", by_index=OPEN.by_index)
"""Open tickets that nobody holds."""


NEW = Which("t.state_type = 'new'", orders=OPEN_ORDERS, by_index=OPEN.by_index)
"""Open tickets that nobody has answered; said twice that they are open, they would be thought too few."""
BEGUN = Which("t.state_type = 'open'", orders=OPEN_ORDERS, by_index=OPEN.by_index)
"""Open tickets that somebody went on with, and that don't wait for a date."""


def reminded(now: datetime) -> Which:
    """The tickets whose reminder has come, the latest first; `ticket_pending` has them, and they are few."""
    return Which(
        "t.state_type = 'pending_reminder' AND t.pending_until <= %(reminded)s",
        {"reminded": now},
        orders=REMINDER_ORDERS,
    )


def locked_by(agent: Agent) -> Which:
    """The open tickets that the agent holds."""
    return owned_by(agent) & Which("t.locked")


def owned_by(agent: Agent) -> Which:
    """The open tickets that are the agent's."""
    return OPEN & Which("t.owner_id = %(agent)s", {"agent": agent.pk})


def followed_by(agent: Agent) -> Which:
    """The tickets that the agent follows, whatever their state; of one agent there are not too many."""
    return Which(
        "t.id IN (SELECT ticket_id FROM tickets_ticketwatcher WHERE agent_id = %(watcher)s)",
        {"watcher": agent.pk},
        orders=OPEN_ORDERS,
    )


def asked_of(agent: Agent) -> Which:
    """The tickets about which the agent was asked something and has not done it yet, whatever their state."""
    return Which(
        "t.id IN (SELECT ticket_id FROM tickets_asked WHERE agent_id = %(asked)s AND done_at IS NULL)",
        {"asked": agent.pk},
        orders=OPEN_ORDERS,
    )


def of_organisation(organisation_id: int) -> Which:
    """The tickets of the customers of one organisation; no index has them in an order."""
    return Which(
        "t.customer_id IN (SELECT id FROM accounts_customer WHERE organisation_id = %(organisation)s)",
        {"organisation": organisation_id},
    )


def of_customer(customer_id: int) -> Which:
    """The tickets of one customer; the closed ones of them an index has by closing time."""
    return Which("t.customer_id = %(customer)s", {"customer": customer_id}, by_index=frozenset({"closed"}))


def any_of(lists: Iterable[tuple[Which, Collection[int]]]) -> Which:
    """The tickets that one of these lists has, each in queues of its own; in no order.

    A value that two of them name must be one.
    """
    conditions: list[str] = []
    values: dict[str, Value] = {}
    for place, (which, queues) in enumerate(lists):
        conditions.append(f"(({which.where}) AND t.queue_id = ANY(%(queues_{place})s))")
        values |= {**which.values, f"queues_{place}": sorted(queues)}
    return Which(" OR ".join(conditions) or "false", values)
