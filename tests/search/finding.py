"""Tickets to find: made, and their words kept at once, as the consumer does."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Agent
from queues.models import Queue
from search.asking import query_of
from search.find import FoundPage, Sort, Which, find
from search.index import current_version, index
from search.language import read_search
from tests.factories import actor, customer_mail, make_ticket
from tickets.models import Ticket


def said(queue: Queue, text: str = "", *, ticket: dict[str, Any] | None = None, **mail: Any) -> Ticket:
    """A ticket with a mail of this text, which can be found."""
    made = make_ticket(queue, article=customer_mail(**{"text": text} | mail), **(ticket or {}))
    keep_words(made)
    return made


def keep_words(*tickets: Ticket) -> None:
    """Make the rows by which they are found."""
    index({ticket.pk for ticket in tickets}, version=current_version())


def asked_by(agent: Agent, text: str, **values: Any) -> Which:
    """What an agent asks for by this text."""
    acting = actor(agent)
    return Which(query=query_of(read_search(text), actor=acting), actor=acting, **values)


def page(agent: Agent, text: str, *, size: int = 50, begin: str = "", sort: Sort = Sort.NEWEST) -> FoundPage:
    """A page of what an agent finds by this text."""
    return find(asked_by(agent, text), size=size, begin=begin, sort=sort)


def names(found: Iterable[int], tickets: dict[str, Ticket]) -> set[str]:
    """Which of these tickets were found, by their names."""
    by_id = {ticket.pk: name for name, ticket in tickets.items()}
    return {by_id[ticket_id] for ticket_id in found if ticket_id in by_id}
