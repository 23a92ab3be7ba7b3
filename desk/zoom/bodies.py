"""What was said, as the ticket's page shows it: what is open, and what of it stands in the page itself."""

from collections.abc import Sequence
from dataclasses import replace

from desk.frame import AgentRequest
from desk.zoom.attachments import file_addresses
from desk.zoom.delivery import wants_a_decision
from tickets.models import Article, Ticket
from tickets.showing.body import ShownArticle, shown_articles
from tickets.showing.frame import inlaid_html

Sender = Article.SenderType


def bodies(request: AgentRequest, articles: Sequence[Article], *, ticket: Ticket) -> list[ShownArticle]:
    """The bodies in reading order; open is the one asked for, else the newest of the customer.

    Of a closed ticket also the newest answer, and in any each answer that did not arrive, or that waits for a
    decision: that must not be folded away.
    """
    article_id = request.GET.get("article", "")
    chosen = next((article for article in articles if str(article.pk) == article_id), None)
    answer = _newest(articles, Sender.AGENT)
    also_open = {article.pk for article in articles if wants_a_decision(article)}
    if answer is not None and chosen is None and not ticket.is_open:
        also_open.add(answer.pk)
    shown = shown_articles(
        articles,
        ticket=ticket,
        opened=chosen or newest_of_customer(articles) or answer or (articles[-1] if articles else None),
        also_open=also_open,
        active=request.GET.get("active", "")[:20],
        as_text=request.GET.get("text", "")[:20],
    )
    return [_in_the_page(each, articles=articles, ticket=ticket) for each in shown]


def newest_of_customer(articles: Sequence[Article]) -> Article | None:
    """What is to be read and answered first."""
    return _newest(articles, Sender.CUSTOMER)


def _in_the_page(shown: ShownArticle, *, articles: Sequence[Article], ticket: Ticket) -> ShownArticle:
    """An open text of our own gets its HTML."""
    if not (shown.is_open and shown.is_ours):
        return shown
    earlier = articles[: shown.number - 1]
    html = inlaid_html(shown.article, earlier=earlier, address=file_addresses(ticket))
    return replace(shown, html=html)


def _newest(articles: Sequence[Article], sender: str) -> Article | None:
    """The last word of one side; notes are said to nobody but ourselves."""
    said = (each for each in reversed(articles) if each.sender_type == sender)
    return next((each for each in said if each.channel != Article.Channel.NOTE), None)
