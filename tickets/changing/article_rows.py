"""Writing an article's rows, and what the overviews show of it on its ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outbox.models import OutboundMessage
from richtext.clean import CLEAN_VERSION
from tickets.changing.articles import NewArticle
from tickets.changing.changes import Changes
from tickets.facts import Wrote
from tickets.models import Article, Attachment, Ticket

Sender = Article.SenderType


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article that is to be, and where; its id may be drawn beforehand."""

    ticket: Ticket
    new: NewArticle
    article_id: int | None = None
    outbound: OutboundMessage | None = None


def insert_article(
    *,
    ticket: Ticket,
    new: NewArticle,
    now: datetime,
    article_id: int | None = None,
    outbound: OutboundMessage | None = None,
) -> Article:
    """Insert the article and its attachments: two statements, one without attachments."""
    row = ArticleRow(ticket=ticket, new=new, article_id=article_id, outbound=outbound)
    return insert_articles([row], now=now)[0]


def insert_articles(rows: Sequence[ArticleRow], *, now: datetime) -> list[Article]:
    """Insert several articles with their attachments, in their order, with the statements of one."""
    articles = Article.objects.bulk_create(_article(row, now=now) for row in rows)
    Attachment.objects.bulk_create(
        Attachment(
            article=article,
            blob=file.blob,
            name=file.name,
            content_type=file.content_type,
            content_id=file.content_id,
            is_inline=file.is_inline,
            size=file.size,
        )
        for row, article in zip(rows, articles, strict=True)
        for file in row.new.files
    )
    return articles


def _article(row: ArticleRow, *, now: datetime) -> Article:
    new = row.new
    return Article(
        pk=row.article_id,
        ticket=row.ticket,
        sender_type=new.sender_type,
        channel=new.channel,
        direction=new.direction,
        is_visible=new.is_visible,
        agent=new.agent,
        writer=new.writer,
        created=now,
        date=new.date,
        from_header=new.from_header[:1000],
        from_address=new.from_address,
        reply_to=new.reply_to[:1000],
        to=new.to,
        cc=new.cc,
        bcc=new.bcc,
        subject=new.subject[:1000],
        text=new.text,
        html=new.html,
        clean_version=CLEAN_VERSION if new.html else 0,
        message_id=new.message_id,
        references=new.references,
        is_automatic=new.is_automatic,
        wants_no_answer=new.wants_no_answer,
        authentication=new.authentication,
        warning=new.warning,
        time_units=new.time_units,
        raw=new.raw,
        raw_is_whole=new.raw_is_whole,
        outbound=row.outbound,
    )


def overview_of(new: NewArticle, *, article_id: int, now: datetime) -> dict[str, object]:
    """What a ticket's first article sets of the ticket's part 'for the overviews'."""
    return {
        "sender_name": _sender(new),
        "last_contact": now,
        "article_count": 1,
        "attachment_count": _files(new),
        "latest_customer_article": article_id if _makes_unread(new) else None,
        "time_units": new.time_units or 0,
    }


def note_in_overview(changes: Changes, *, new: NewArticle, article: Article, waits: bool = True) -> None:
    """What a further article changes of the ticket's part 'for the overviews', and of its facts.

    No contact is a note, nor what a machine says to a machine or in our name. An agent's mail deals with an
    earlier one that did not arrive, and so does their call: what is forwarded with what was, what the
    customer sees with what they should have seen. Without `waits` nobody waits for an answer to it.
    """
    ticket = changes.ticket
    changes.happened.append(
        Wrote(sender_type=new.sender_type, is_visible=new.is_visible, waits=waits, at=article.created)
    )
    changes.set(
        article_count=ticket.article_count + 1,
        attachment_count=ticket.attachment_count + _files(new),
        time_units=ticket.time_units + (new.time_units or 0),
    )
    if new.is_visible and new.sender_type != Sender.SYSTEM:
        changes.set(last_contact=article.created)
    if new.sender_type == Sender.AGENT and new.direction == Article.Direction.OUT:
        _deal_with_undelivered(changes, new=new)
    if _makes_unread(new):
        changes.set(latest_customer_article=article.pk)
    if new.sender_type == Sender.CUSTOMER and not ticket.sender_name:
        changes.set(sender_name=_sender(new))


def _deal_with_undelivered(changes: Changes, *, new: NewArticle) -> None:
    failed = changes.ticket.undelivered_article
    if failed is not None and Article.objects.filter(pk=failed, is_visible=new.is_visible).exists():
        changes.deal_with_undelivered()


def _makes_unread(new: NewArticle) -> bool:
    """What customers say, and whatever else comes in, as a report that a mail did not arrive."""
    return new.sender_type == Sender.CUSTOMER or new.direction == Article.Direction.IN


def _files(new: NewArticle) -> int:
    return sum(not file.is_inline for file in new.files)


def _sender(new: NewArticle) -> str:
    return (new.sender_name or new.from_address)[:320]
