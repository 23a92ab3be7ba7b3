"""Where the mails of a ticket were also received, and what was answered there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import Agent
from queues.access import Rights
from tickets.models import AlsoReceived, Article, Ticket


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One queue that got the same mail. What the agent may not see of it is left out.

    `queue`: its name, empty where a ticket of its own may not be seen; `ticket`: the one it has of its own,
    if it may be seen; `answer` and `answered`: the newest answer there (its id) and its time, which everybody
    is told.
    """

    queue: str
    ticket: Ticket | None = None
    is_other_ticket: bool = False
    answer: int = 0
    answered: datetime | None = None


ARTICLE_WAS = Exists(AlsoReceived.objects.filter(article=OuterRef("pk")))
"""Of an article, for a statement that reads it anyway: whether its mail was also received elsewhere."""
TICKET_WAS = Exists(AlsoReceived.objects.filter(article__ticket=OuterRef("ticket")))
"""Of what belongs to a ticket, for a statement that reads it anyway: whether a mail of that ticket was."""


def also_received(ticket: Ticket, *, rights: Rights) -> list[Elsewhere]:
    """The places where mails of this ticket were also received, in one statement.

    It takes long to build, and most tickets have none: ask it where one of the marks above says so.
    """
    answers = _answers().filter(ticket=OuterRef("elsewhere__ticket"), pk__gt=OuterRef("elsewhere"))
    newest = answers.order_by("-pk")
    rows = (
        _of(ticket)
        .select_related("queue", "elsewhere__ticket__state", "elsewhere__ticket__queue")
        .annotate(answer=Subquery(newest.values("pk")[:1]), answered=Subquery(newest.values("created")[:1]))
        .order_by("pk")
    )
    places = {
        _place(row): _elsewhere(row, answer=row.answer or 0, answered=row.answered, rights=rights)
        for row in rows
    }
    return list(places.values())


def also_received_tickets(ticket: Ticket) -> list[int]:
    """The ids of the other tickets that have a mail of this one."""
    rows = _of(ticket).filter(elsewhere__isnull=False)
    return list(rows.values_list("elsewhere__ticket", flat=True).distinct())


def answers_in(tickets: list[int], *, after: int, but_of: Agent | None) -> list[Article]:
    """The answers of others than `but_of` that these tickets got after the article `after`, oldest first."""
    answers = _answers().filter(ticket__in=tickets, pk__gt=after).exclude(agent=but_of)
    return list(answers.select_related("agent", "ticket").order_by("pk"))


def _of(ticket: Ticket) -> QuerySet[AlsoReceived]:
    """Those of its mails; where the two were merged, the other one is no other place any more."""
    return AlsoReceived.objects.filter(article__ticket=ticket).exclude(elsewhere__ticket=ticket)


def _answers() -> QuerySet[Article]:
    return Article.objects.filter(
        sender_type=Article.SenderType.AGENT, direction=Article.Direction.OUT, is_visible=True
    )


def _place(row: AlsoReceived) -> tuple[str, int]:
    """A place is told once, however many mails went there, too."""
    return ("ticket", row.elsewhere.ticket_id) if row.elsewhere else ("queue", row.queue_id)


def _elsewhere(row: AlsoReceived, *, answer: int, answered: datetime | None, rights: Rights) -> Elsewhere:
    if row.elsewhere is None:
        return Elsewhere(queue=row.queue.name)
    ticket = row.elsewhere.ticket
    is_visible = ticket.queue_id in rights.visible
    return Elsewhere(
        queue=ticket.queue.name if is_visible else "",
        ticket=ticket if is_visible else None,
        is_other_ticket=True,
        answer=answer,
        answered=answered,
    )
