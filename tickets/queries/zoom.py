"""What the ticket screen shows, in a number of queries that does not depend on the ticket."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import CustomerAddress
from queues.access import Rights
from tickets.kinds import EventKind
from tickets.models import Article, Asked, Event, FreeValue, Ticket, TicketLink, TicketWatcher
from tickets.models.article import ANSWERABLE, MAY_FOLLOW, UNKNOWN_SENDER
from tickets.queries.also_received import ARTICLE_WAS, TICKET_WAS
from tickets.queries.links import TICKET_IS_LINKED

BEFORE_MOST, NOTES_MOST = 50, 3
NEWEST_EVENT = Subquery(Event.objects.filter(ticket=OuterRef("ticket")).order_by("-pk").values("pk")[:1])
"""Of an article, for a statement that reads it anyway: the newest event of its ticket."""
HAS_FREE_VALUES = Exists(FreeValue.objects.filter(ticket=OuterRef("ticket")))
"""Of an article, likewise: whether its ticket holds something in free fields."""


class Conversation(NamedTuple):
    """The articles of a ticket, its newest event, and whether more is to be read of it.

    `was_also_received`: a mail of it was, elsewhere; `has_free_values`: it holds something in free fields;
    `is_linked`: it has a link to another ticket; `is_followed`: by who looks at it; `has_asked`: a colleague
    was asked about it who has not done that yet; `is_rated`: a customer said how they were helped.
    """

    articles: Sequence[Article]
    newest_event: int
    was_also_received: bool
    has_free_values: bool
    is_linked: bool
    is_followed: bool
    has_asked: bool
    is_rated: bool


def conversation_of(ticket: Ticket, *, agent_id: int) -> Conversation:
    """The articles, oldest first, with their attachments and the state of what was sent, to this agent."""
    has_asked = Exists(Asked.objects.filter(ticket=OuterRef("ticket"), done_at=None))
    is_rated = Exists(Event.objects.filter(ticket=OuterRef("ticket"), kind=EventKind.RATED))
    is_followed = Exists(TicketWatcher.objects.filter(ticket=OuterRef("ticket"), agent=agent_id))
    articles = list(
        ticket.articles.select_related("agent", "outbound")
        .prefetch_related("attachments", "outbound__recipients")
        .annotate(was_also_received=ARTICLE_WAS, newest_event=NEWEST_EVENT, has_free_values=HAS_FREE_VALUES)
        .annotate(is_linked=TICKET_IS_LINKED, is_followed=is_followed, has_asked=has_asked, is_rated=is_rated)
        .order_by("pk")
    )
    return Conversation(
        articles=articles,
        newest_event=articles[0].newest_event if articles else 0,
        was_also_received=any(article.was_also_received for article in articles),
        has_free_values=bool(articles) and articles[0].has_free_values,
        is_linked=any(article.is_linked for article in articles),
        is_followed=any(article.is_followed for article in articles),
        has_asked=any(article.has_asked for article in articles),
        is_rated=any(article.is_rated for article in articles),
    )


class Numbered(NamedTuple):
    """An article and its place in its ticket, from 1."""

    number: int
    article: Article


def numbered_articles(ticket: Ticket, *, with_notes: bool) -> list[Numbered]:
    """The articles, oldest first, with their attachments, or those that the customer sees. Two statements."""
    articles = ticket.articles.select_related("agent").prefetch_related("attachments").order_by("pk")
    numbered = (Numbered(number, article) for number, article in enumerate(articles, start=1))
    return [each for each in numbered if with_notes or each.article.is_visible]


def number_of(article: Article) -> int:
    """Its place in its ticket."""
    return Article.objects.filter(ticket=article.ticket_id, pk__lte=article.pk).count()


class Before(NamedTuple):
    """A closed ticket that this one may follow, as a stranger to it wrote; `title` is for who sees it."""

    number: str
    title: str | None


def may_follow(ticket: Ticket, articles: Sequence[Article], *, rights: Rights) -> list[Before]:
    """One statement, none where no article says that there is such a ticket."""
    if not any(article.warning == MAY_FOLLOW for article in articles):
        return []
    before = Ticket.objects.filter(links_from__target=ticket, links_from__kind=TicketLink.Kind.FOLLOW_UP)
    rows = before.order_by("pk").values_list("number", "title", "queue_id")
    return [Before(number, title if queue_id in rights.visible else None) for number, title, queue_id in rows]


def addable(ticket: Ticket, articles: Sequence[Article]) -> set[int]:
    """The articles (by id) whose address may be added to the ticket's customer: nobody has it.

    One statement, none where every article came from an address that the ticket knew.
    """
    unknown = [article for article in articles if article.warning == UNKNOWN_SENDER and article.from_address]
    if not unknown or ticket.customer_id is None:
        return set()
    addresses = {article.from_address for article in unknown}
    taken = set(CustomerAddress.objects.filter(address__in=addresses).values_list("address", flat=True))
    return {article.pk for article in unknown if article.from_address not in taken}


def articles_before(article: Article) -> list[Article]:
    """The last fifty articles that came before this one in its ticket, oldest first."""
    before = Article.objects.filter(ticket=article.ticket_id, pk__lt=article.pk, is_visible=True)
    return list(before.only("text", "html", "is_visible").order_by("-pk")[:BEFORE_MOST])[::-1]


def events_of(ticket: Ticket) -> list[Event]:
    """What happened, oldest first, each with what was said or merged by it, but for its text."""
    related = ("agent", "article", "merge__source")
    events = ticket.events.select_related(*related).defer("article__text", "article__html")
    return list(events.order_by("pk"))


class Newest(NamedTuple):
    """The id of a ticket's newest event, and whether a mail of the ticket was also received elsewhere."""

    event: int
    was_also_received: bool


def newest_event(ticket: Ticket) -> Newest:
    """So that a form knows what its agent can have seen, and what it has to tell; 0 without any event.

    Not the newest article: a merge brings in articles with lower ids.
    """
    newest = ticket.events.order_by("-pk").values_list("pk", TICKET_WAS).first()
    return Newest(*newest) if newest else Newest(event=0, was_also_received=False)


class Question(NamedTuple):
    """What is answered, with its files, and the notes that colleagues wrote after it, newest first."""

    article: Article | None
    notes: Sequence[Article] = ()


def question_of(ticket: Ticket, *, article_id: int | None) -> Question:
    """The article of this id, if it can be answered; without one the one to answer. Two statements."""
    articles = ticket.articles.order_by("-pk").values("pk")
    is_asked = Q(is_visible=True) if article_id is None else ANSWERABLE & Q(pk=article_id)
    asked = articles.filter(is_asked)
    customers = asked.filter(sender_type=Article.SenderType.CUSTOMER).exclude(channel=Article.Channel.PHONE)
    answered = Coalesce(Subquery(customers[:1]), Subquery(asked[:1]))
    notes = Q(channel=Article.Channel.NOTE, is_visible=False, pk__gt=answered)
    rows = ticket.articles.filter(Q(pk=answered) | notes).select_related("agent")
    found = list(rows.prefetch_related("attachments").order_by("pk"))
    return Question(found[0], found[:0:-1][:NOTES_MOST]) if found else Question(None)


def article_to_answer(ticket: Ticket) -> Article | None:
    """The newest mail or form of the customer, else the newest article they see (OTRS 7.11)."""
    visible = ticket.articles.filter(is_visible=True).order_by("-pk")
    written = visible.exclude(channel=Article.Channel.PHONE)
    return written.filter(sender_type=Article.SenderType.CUSTOMER).first() or visible.first()
