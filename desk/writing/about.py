"""What a screen is about, and the ways to find it from an address."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Customer
from desk.frame import AgentRequest, ticket_or_404
from tickets.actor import Actor
from tickets.errors import NotAllowed
from tickets.models import Article, Draft, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The tickets (none, of what makes a new one), and what else an address may name."""

    tickets: tuple[Ticket, ...] = ()
    article: Article | None = None
    draft: Draft | None = None
    customer: Customer | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket, of a screen that is about one; of several the first."""
        return self.tickets[0]

    def require(self, actor: Actor, right: str) -> None:
        """Raise `NotAllowed` unless the actor has the right in each ticket; without any, in some queue."""
        for ticket in self.tickets:
            actor.require(right, ticket.queue_id)
        if not self.tickets and not (actor.rights and actor.rights.ids(right)):
            raise NotAllowed


Find = Callable[..., About]
"""A request and what its address names → what the screen is about; 404 for what the agent may not see."""


def one_ticket(request: AgentRequest, *, number: str) -> About:
    """The ticket whose number the address names."""
    return About(tickets=(ticket_or_404(request, number),))
