"""What a screen is about, the ways to find it from an address, and of what of it an agent may do it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag

from django.http import Http404
from django.urls import reverse

from accounts.models import Customer
from desk.frame import AgentRequest, ticket_or_404
from desk.writing.typed import read_number
from tickets.access import find_article
from tickets.actor import Actor
from tickets.changing.frame import require_free
from tickets.errors import NotAllowed, Refusal
from tickets.models import Article, Bulk, Draft, Ticket, TicketLink, TicketMerge
from tickets.queries.zoom import article_to_answer, number_of

Refused = tuple[tuple[Ticket, Refusal], ...]
"""Tickets that something was not done to, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The tickets (none, of what makes a new one), and what else an address may name.

    `article_number` is the article's place in its ticket, as people call it. `title` stands in the heading
    where not the one ticket is to be named there, `leads_to` is the address that leaving leads to then;
    `bulk` is what they were chosen by, `refused` are tickets that were chosen, too, but that it can't be done
    to.
    """

    tickets: tuple[Ticket, ...] = ()
    article: Article | None = None
    article_number: int | None = None
    draft: Draft | None = None
    customer: Customer | None = None
    link: TicketLink | None = None
    merge: TicketMerge | None = None
    bulk: Bulk | None = None
    title: str = ""
    leads_to: str = ""
    refused: Refused = ()

    @property
    def ticket(self) -> Ticket:
        """The ticket, of a screen that is about one; of several the first. Raises `LookupError` for none."""
        if not self.tickets:
            raise LookupError("This screen is about no ticket.")
        return self.tickets[0]

    @property
    def sole_ticket(self) -> Ticket | None:
        """The ticket, where there is exactly one."""
        return self.tickets[0] if len(self.tickets) == 1 else None

    @property
    def back(self) -> str:
        """Where leaving the screen leads: the address given, else the ticket, else the queues."""
        if not self.leads_to and (ticket := self.sole_ticket) is not None:
            return reverse("desk:zoom", args=[ticket.number])
        return self.leads_to or reverse("desk:queues")

    @property
    def way_out(self) -> str:
        """Where leaving the screen undone leads: back, and the focus goes there, too."""
        return f"{urldefrag(self.back).url}#inhoud"


Where = Mapping[str, Any]
"""What an address names."""

Find = Callable[..., About]
"""A request and what its address names → what the screen is about; 404 for what the agent may not see."""

Admit = Callable[[Actor, About, str], About]
"""An actor, what was found, and a right → what they may do it to; raises `NotAllowed`."""


def one_ticket(request: AgentRequest, *, number: str) -> About:
    """The ticket whose number the address names."""
    return About(tickets=(ticket_or_404(request, number),))


def one_article(request: AgentRequest, *, number: str) -> About:
    """An article of the ticket: the one that is asked for, else the one that would be answered."""
    about, asked = one_ticket(request, number=number), request.GET.get("article")
    try:
        article = (
            article_to_answer(about.ticket)
            if asked is None
            else find_article(ticket=about.ticket, article_id=read_number(asked) or 0)
        )
    except Article.DoesNotExist as error:
        raise Http404 from error
    return replace(about, article=article, article_number=number_of(article) if article else None)


def all_or_none(actor: Actor, about: About, right: str) -> About:
    """All of it: the right is needed in each ticket; without any ticket, in some queue."""
    for ticket in about.tickets:
        actor.require(right, ticket.queue_id)
    if not about.tickets and not (actor.rights and actor.rights.ids(right)):
        raise NotAllowed
    return about


def those_that_may(actor: Actor, about: About, right: str) -> About:
    """The tickets among many where the right is and no colleague has the lock; the others are refused."""
    refused = [(ticket, refusal) for ticket in about.tickets if (refusal := _refusal(actor, ticket, right))]
    forbidden = [refusal for _ticket, refusal in refused if isinstance(refusal, NotAllowed)]
    if forbidden and len(forbidden) == len(about.tickets):
        raise forbidden[0]
    gone = {ticket.pk for ticket, _why in refused}
    tickets = tuple(ticket for ticket in about.tickets if ticket.pk not in gone)
    return replace(about, tickets=tickets, refused=(*about.refused, *refused))


def _refusal(actor: Actor, ticket: Ticket, right: str) -> Refusal | None:
    try:
        actor.require(right, ticket.queue_id)
        require_free(actor, ticket)
    except Refusal as refusal:
        return refusal
    return None
