"""Who was asked about a ticket and has not done it yet, and what an agent was asked."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from accounts.absence import are_away, away_until
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
    """Somebody who was asked about a ticket, by whom and when.

    `sees_it`: whether they still can; `away_until`: the last day on which they are away, of who is.
    """

    ticket: Ticket
    agent: Agent
    by: Agent
    at: datetime
    sees_it: bool
    away_until: date | None

    @property
    def is_in_vain(self) -> bool:
        """Whether nobody answers for now."""
        return not self.sees_it or self.away_until is not None

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


def newly_in_vain(*, now: datetime) -> QuerySet[Asked]:
    """What was asked, and is not done, of agents who can't see its ticket any more, or have gone away.

    Unless its ticket's history has told that, or whoever asked knew that they are away.
    """
    until = F("agent__preferences__away_until")
    is_known = Q(away_until__isnull=False, away_until=until)
    has_gone_away = MAY_READ & are_away(now=now, of="agent__") & ~is_known
    return Asked.objects.filter((Q(out_of_sight_at=None) & ~MAY_READ) | has_gone_away, done_at=None)


def asked_about(ticket: Ticket) -> list[AskedOf]:
    """Who was asked about the ticket and has not done it yet, the first one first; one statement."""
    return _with_sight(Asked.objects.filter(ticket=ticket))


def asked_in_vain(actor: Actor) -> list[AskedOf]:
    """Whom the agent asked that can't see the ticket any more, or is away, of tickets that the agent sees."""
    rights = actor.agent_rights
    mine = Asked.objects.filter(asked_by=rights.agent_id, ticket__queue__in=rights.visible)
    return _with_sight(mine.filter(~MAY_READ | are_away(now=timezone.now(), of="agent__")))


def questions_to(actor: Actor, *, most: int) -> list[Question]:
    """What the agent was asked about tickets that they see and has not done yet, the newest first."""
    rights = actor.agent_rights
    mine = Asked.objects.filter(agent=rights.agent_id, done_at=None, ticket__queue__in=rights.visible)
    return [
        Question(asked.ticket, asked.asked_by, asked.at, _words_of(asked))
        for asked in mine.select_related("ticket", "asked_by", "event__article").order_by("-pk")[:most]
    ]


def _with_sight(questions: QuerySet[Asked]) -> list[AskedOf]:
    related = ("ticket", "agent__preferences__stand_in", "asked_by")
    rows = questions.filter(done_at=None).select_related(*related).order_by("pk")
    now = timezone.now()
    return [
        AskedOf(row.ticket, row.agent, row.asked_by, row.at, row.sees_it, away_until(row.agent, now=now))
        for row in rows.annotate(sees_it=MAY_READ)
    ]


def _words_of(asked: Asked) -> str:
    article = asked.event.article
    return Truncator(" ".join(article.text.split())).chars(WORDS_MOST) if article else ""
