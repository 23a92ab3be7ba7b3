"""What one address may see of a ticket: what it wrote or got, and nothing else."""

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)

from outbox.addresses import addresses_in, compared
from outbox.models import OutboundMessage, Recipient
from tickets.models import Article, Attachment, Ticket

LEAVING = (OutboundMessage.SENDING, OutboundMessage.SENT, OutboundMessage.DOUBTFUL)
"""States of a mail that is being handed over, or was: it can't be taken back any more."""
COPY = Case(When(channel=Article.Channel.WEB, then="html"), default=Value(""), output_field=TextField())
BIG = ("html", "references")
"""Columns that the page shows nothing of."""


def said_with(ticket: Ticket, *, address: str) -> list[Article]:
    """What the customer sees and this address wrote or got, oldest first, with its files.

    That is by From, To, Cc and Bcc, as addresses are compared; a mail of ours counts once it is being handed
    over. `copy` is the HTML of a question form's copy, by which a quotation of it is known. Two statements.
    """
    wanted = compared(address)
    rows = _shown(ticket, address=wanted).select_related("agent").annotate(copy=COPY).defer(*BIG)
    said: list[Article] = [article for article in rows.order_by("pk") if wanted in _correspondents(article)]
    prefetch_related_objects(said, "attachments")
    return said


def file_with(ticket: Ticket, *, address: str, attachment_id: int) -> Attachment:
    """A file of what `said_with` gives; raises `Attachment.DoesNotExist`. One statement."""
    wanted = compared(address)
    shown = _shown(ticket, address=wanted).values("pk")
    files = Attachment.objects.select_related("blob", "article").defer("article__text", "article__html")
    file = files.get(pk=attachment_id, article__in=shown)
    if wanted not in _correspondents(file.article):
        raise Attachment.DoesNotExist
    return file


def _shown(ticket: Ticket, *, address: str) -> QuerySet[Article]:
    accepted = Recipient.objects.filter(
        message=OuterRef("outbound"), address__iexact=address, result=Recipient.Result.ACCEPTED
    )
    has_left = Q(outbound=None) | Q(outbound__state__in=LEAVING) | Exists(accepted)
    visible = Article.objects.filter(has_left, ticket=ticket, is_visible=True)
    return visible.exclude(direction=Article.Direction.INTERNAL).exclude(channel=Article.Channel.NOTE)


def _correspondents(article: Article) -> set[str]:
    return addresses_in(article.from_address, article.to, article.cc, article.bcc)
