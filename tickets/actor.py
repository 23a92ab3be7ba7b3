"""Who does something: an agent with their rights, or the system itself."""

from dataclasses import dataclass
from typing import Self

from accounts.models import Agent
from queues.access import Rights
from tickets.errors import NotAllowed
from tickets.models import Event

Kind = Event.ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor without an agent is the system (mail, timer, import) and may do everything."""

    kind: str
    agent: Agent | None = None
    rights: Rights | None = None

    @classmethod
    def of(cls, agent: Agent, rights: Rights) -> Self:
        """The agent, with the rights read for this request."""
        return cls(kind=Kind.AGENT, agent=agent, rights=rights)

    @classmethod
    def mail(cls) -> Self:
        """The mail gate."""
        return cls(kind=Kind.MAIL)

    @classmethod
    def timer(cls) -> Self:
        """A job that runs by the clock."""
        return cls(kind=Kind.TIMER)

    @property
    def agent_rights(self) -> Rights:
        """The rights of the agent who looks; raises `NotAllowed` where nobody does: lists are for agents."""
        if self.rights is None:
            raise NotAllowed
        return self.rights

    def may(self, right: str, queue_id: int) -> bool:
        """Whether this actor has the right in that queue."""
        return self.agent is None or (self.rights is not None and self.rights.may(right, queue_id))

    def require(self, right: str, queue_id: int) -> None:
        """Raise `NotAllowed` unless this actor has the right in that queue."""
        if not self.may(right, queue_id):
            raise NotAllowed
