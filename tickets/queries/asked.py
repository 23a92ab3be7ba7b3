"""Who was asked about a ticket and has not done it yet, and what an agent was asked."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import Truncator

from accounts.models import Agent
from queues.models import QueuePermission
from queues.owners import READING
from tickets.actor import Actor
from tickets.models import Asked, Ticket

WORDS_MOST = 120
GRANTED = Exists(
    QueuePermission.objects.filter(
        queue=OuterRef("ticket__queue"), right__in=READING, group__agents=OuterRef("agent")
    )
)
MAY_READ = Q(agent__is_active=True) & (Q(agent__is_superuser=True) | Q(GRANTED))
"""Of a question: whether the one who was asked still sees its ticket."""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Somebody who was asked about a ticket, by whom and when; `sees_it`: whether they still can."""

    ticket: Ticket
    agent: Agent
    by: Agent
    at: datetime
    sees_it: bool

    @property
    def is_gone(self) -> bool:
        """Whether they can't even sign in any more."""
        return not self.agent.is_active


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent was asked: about which ticket, by whom, when, and how the note begins that asks."""

    ticket: Ticket
    by: Agent
    at: datetime
    words: str


def out_of_sight() -> QuerySet[Asked]:
    """What was asked, and is not done, of agents who can't see its ticket any more."""
    return Asked.objects.filter(~MAY_READ, done_at=None)


def asked_about(ticket: Ticket) -> list[AskedOf]:
    """Who was asked about the ticket and has not done it yet, the first one first; one statement."""
    return _with_sight(Asked.objects.filter(ticket=ticket))


def asked_in_vain(actor: Actor) -> list[AskedOf]:
    """Whom the agent asked that can't see the ticket any more, of tickets that the agent sees."""
    rights = actor.agent_rights
    return _with_sight(out_of_sight().filter(asked_by=rights.agent_id, ticket__queue__in=rights.visible))


def questions_to(actor: Actor, *, most: int) -> list[Question]:
    """What the agent was asked about tickets that they see and has not done yet, the newest first."""
    rights = actor.agent_rights
    mine = Asked.objects.filter(agent=rights.agent_id, done_at=None, ticket__queue__in=rights.visible)
    return [
        Question(asked.ticket, asked.asked_by, asked.at, _words_of(asked))
        for asked in mine.select_related("ticket", "asked_by", "event__article").order_by("-pk")[:most]
    ]


def _with_sight(questions: QuerySet[Asked]) -> list[AskedOf]:
    rows = questions.filter(done_at=None).select_related("ticket", "agent", "asked_by").order_by("pk")
    return [
        AskedOf(row.ticket, row.agent, row.asked_by, row.at, row.sees_it)
        for row in rows.annotate(sees_it=MAY_READ)
    ]


def _words_of(asked: Asked) -> str:
    article = asked.event.article
    return Truncator(" ".join(article.text.split())).chars(WORDS_MOST) if article else ""
