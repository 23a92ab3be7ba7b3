"""What the ticket screen shows, in a number of queries that does not depend on the ticket."""

from tickets.models import Article, Event, Ticket

BEFORE_MOST = 50


def articles_of(ticket: Ticket) -> list[Article]:
    """The articles, oldest first, with their attachments and the state of what was sent."""
    return list(
        ticket.articles.select_related("agent", "outbound")
        .prefetch_related("attachments", "outbound__recipients")
        .order_by("pk")
    )


def articles_before(article: Article) -> list[Article]:
    """The last fifty articles that came before this one in its ticket, oldest first."""
    before = Article.objects.filter(ticket=article.ticket_id, pk__lt=article.pk, is_visible=True)
    return list(before.only("text", "html", "is_visible").order_by("-pk")[:BEFORE_MOST])[::-1]


def events_of(ticket: Ticket) -> list[Event]:
    """What happened, oldest first."""
    return list(ticket.events.select_related("agent").order_by("pk"))


def newest_article(ticket: Ticket) -> int:
    """The id of the newest article, so that a form knows what its agent can have seen; 0 without any."""
    return ticket.articles.order_by("-pk").values_list("pk", flat=True).first() or 0


def article_to_answer(ticket: Ticket) -> Article | None:
    """The newest mail or form of the customer, else the newest article they see (OTRS 7.11)."""
    visible = ticket.articles.filter(is_visible=True).order_by("-pk")
    return visible.filter(sender_type=Article.SenderType.CUSTOMER).first() or visible.first()
