"""Who does something: an agent with their rights, a customer, or a part of KVV."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Self

from accounts.models import Agent
from queues.access import Rights
from queues.models import QueuePermission
from tickets.errors import NotAllowed
from tickets.models import Event

ActorKind = Event.ActorKind

FOLLOW_UP = "follow_up"
"""What a customer may do to a ticket of theirs, and no agent is given: write in it as the customer."""
CUSTOMERS_MAY = frozenset({QueuePermission.Right.CREATE.value, FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. What they may do follows from their kind (see `RULES`): one without a rule may nothing."""

    kind: str
    agent: Agent | None = None
    rights: Rights | None = None

    @classmethod
    def of(cls, agent: Agent, rights: Rights) -> Self:
        """The agent, with the rights read for this request."""
        return cls(kind=ActorKind.AGENT, agent=agent, rights=rights)

    @classmethod
    def by_token(cls, agent: Agent, rights: Rights, *, scope: Collection[str]) -> Self:
        """The agent by a token that carries only these rights: never more than the agent's own."""
        return cls(kind=ActorKind.AGENT, agent=agent, rights=rights.cut_to(scope))

    @classmethod
    def customer(cls) -> Self:
        """A customer at a form or at their own page; whose ticket it is, is for the page to know."""
        return cls(kind=ActorKind.CUSTOMER)

    @classmethod
    def mail(cls) -> Self:
        """The mail gate."""
        return cls(kind=ActorKind.MAIL)

    @classmethod
    def timer(cls) -> Self:
        """A job that runs by the clock."""
        return cls(kind=ActorKind.TIMER)

    @property
    def agent_rights(self) -> Rights:
        """The rights of the agent who looks; raises `NotAllowed` where nobody does: lists are for agents."""
        if self.rights is None:
            raise NotAllowed
        return self.rights

    def may(self, right: str, queue_id: int) -> bool:
        """Whether this actor has the right in that queue."""
        rule = RULES.get(self.kind)
        return rule is not None and rule(self, right, queue_id)

    def require(self, right: str, queue_id: int) -> None:
        """Raise `NotAllowed` unless this actor has the right in that queue."""
        if not self.may(right, queue_id):
            raise NotAllowed


def _as_rights_say(actor: Actor, right: str, queue_id: int) -> bool:
    return actor.rights is not None and actor.rights.may(right, queue_id)


def _as_customers_may(actor: Actor, right: str, queue_id: int) -> bool:
    return right in CUSTOMERS_MAY


def _everything(actor: Actor, right: str, queue_id: int) -> bool:
    return True


RULES: Mapping[str, Callable[[Actor, str, int], bool]] = {
    ActorKind.AGENT: _as_rights_say,
    ActorKind.ADMIN: _as_rights_say,
    ActorKind.CUSTOMER: _as_customers_may,
    ActorKind.MAIL: _everything,
    ActorKind.TIMER: _everything,
    ActorKind.IMPORT: _everything,
}
