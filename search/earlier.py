"""What was answered before, as it stands beside a question: the answer, its date, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from queues.access import Rights
from queues.models import QueuePermission
from richtext.own_words import own_text
from search.models import NotUseful
from search.questions import asked_words
from search.similar import SHARED_MOST, similar_to
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.models import Article, StateType, Ticket

OF_CUSTOMER: Final = 3
NOT_USEFUL_MOST: Final = 100
BEGINNING: Final = 300
_READ_MOST: Final = 5_000
_GONE = (StateType.MERGED, StateType.REMOVED)

_ANSWERS = Q(
    sender_type=Article.SenderType.AGENT,
    channel=Article.Channel.EMAIL,
    direction=Article.Direction.OUT,
    is_visible=True,
    is_automatic=False,
)
"""Those of an agent to the customer by mail (`Article.is_answer`)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A ticket with the last answer in it: its article, how it begins, when it was, and whether the customer
    wrote back after it; without an answer `article` is None."""

    ticket: Ticket
    article: int | None = None
    says: str = ""
    at: datetime | None = None
    was_written_back: bool = False


class Similar(NamedTuple):
    """What was answered to questions like a ticket's, and words to search for more: those that these share
    with it, where there are none those of its subject, of which there may be none either."""

    answers: list[Answered]
    words: list[str]


def similar_answers(ticket: Ticket, *, rights: Rights) -> Similar:
    """The closed tickets with the question most like this one's, and their answers; two statements beside
    those of `similar_to`, none where there are none."""
    found, words = similar_to(ticket, rights=rights)
    tickets = Ticket.objects.visible_to(rights).in_bulk(found) if found else {}
    answered = _answered([tickets[pk] for pk in found if pk in tickets])
    answers = [each for each in answered if each.article is not None]
    return Similar(answers, words or asked_words(ticket.title, "")[:SHARED_MOST])


def last_questions(ticket: Ticket, *, rights: Rights) -> list[Answered]:
    """The newest other tickets of the ticket's customer, whatever their state; two statements at most."""
    if ticket.customer_id is None:
        return []
    theirs = Ticket.objects.visible_to(rights).filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    newest = theirs.exclude(state_type__in=_GONE).select_related("state").order_by("-pk")
    return _answered(list(newest[:OF_CUSTOMER]))


def answer_of(*, ticket: Ticket, article_id: int, rights: Rights) -> Article | None:
    """An answer in any ticket that the agent sees, to be said again in this one's; None if there is none."""
    tickets = Ticket.objects.visible_to(rights).exclude(pk=ticket.pk)
    answers = Article.objects.filter(_ANSWERS, pk=article_id, ticket__in=tickets)
    related = ("ticket__customer", "ticket__queue__salutation", "ticket__queue__signature", "agent", "writer")
    return answers.select_related(*related).first()


def tickets_taken_from(numbers: Iterable[str], *, rights: Rights) -> list[Ticket]:
    """Those of these numbers that the agent sees."""
    wanted = [number for number in dict.fromkeys(numbers) if number.isalnum()]
    visible = Ticket.objects.visible_to(rights).filter(number__in=wanted)
    return list(visible.select_related("customer").order_by("pk")) if wanted else []


def is_not_useful(*, actor: Actor, ticket: Ticket, other: Ticket, is_so: bool = True) -> None:
    """Remember that the other ticket's answer is of no use for this one, or that it may be after all.

    Raises `NotAllowed` for who may not answer, and `BadInput` beyond 100 in one ticket.
    """
    actor.require(QueuePermission.Right.ALL, ticket.queue_id)
    rows = NotUseful.objects.filter(ticket=ticket)
    if not is_so:
        rows.filter(other=other).delete()
    elif rows.count() < NOT_USEFUL_MOST:
        NotUseful.objects.bulk_create(
            [NotUseful(ticket=ticket, other=other, agent=actor.agent)], ignore_conflicts=True
        )
    else:
        raise BadInput("other", _("So many answers are set aside here that no more can be."))


def _answered(tickets: Sequence[Ticket]) -> list[Answered]:
    """Each with its last answer; one statement, none for none."""
    if not tickets:
        return []
    theirs = Article.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"), is_automatic=False)
    back = Exists(theirs.filter(sender_type=Article.SenderType.CUSTOMER))
    answers = (
        Article.objects.filter(_ANSWERS, ticket__in=tickets).order_by("ticket", "-pk").distinct("ticket")
    )
    values = answers.values_list("ticket", "pk", Left("text", _READ_MOST), "created", back)
    known = {ticket: (pk, _beginning(text), at, is_back) for ticket, pk, text, at, is_back in values}
    return [Answered(ticket, *known.get(ticket.pk, ())) for ticket in tickets]


def _beginning(text: str) -> str:
    return " ".join(own_text(text).split())[:BEGINNING]
