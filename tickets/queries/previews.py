"""What the large view of a list shows beneath a ticket: how its customer's newest message begins."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Left

from tickets.actor import Actor
from tickets.models import Article, Ticket

READ = 2000
"""So many characters of a text are read; what is quoted in them is left out."""


class Preview(NamedTuple):
    """A ticket, for what can be done to it, and the customer's newest words in it, '' for none."""

    ticket: Ticket
    text: str


def previews(*, actor: Actor, ids: Sequence[int]) -> dict[int, Preview]:
    """By ticket id, as far as the agent may see them: one statement; none for no ids."""
    if not ids:
        return {}
    newest = Article.objects.filter(pk=OuterRef("latest_customer_article")).values(begins=Left("text", READ))
    tickets = Ticket.objects.visible_to(actor.agent_rights).filter(pk__in=ids)
    shown = tickets.annotate(begins=Coalesce(Subquery(newest), Value("")))
    return {ticket.pk: Preview(ticket, _own_words(vars(ticket)["begins"])) for ticket in shown}


def _own_words(text: str) -> str:
    """A text in one line, without what is quoted in it."""
    return " ".join(word for line in text.splitlines() if not line.startswith(">") for word in line.split())
