"""What a forwarded message begins with, and which of its files go along."""

from collections.abc import Sequence
from html import escape

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent
from richtext.admin_texts import with_place_to_write
from richtext.convert import quote_html, text_to_html
from tickets.changing.articles import StoredFile
from tickets.errors import BadInput
from tickets.letters.answering import QUOTE_MOST, Prefill, closing_of
from tickets.letters.language import letters_language
from tickets.letters.placeholders import values_for
from tickets.letters.subjects import build_subject
from tickets.models import Article, Ticket

WORD = "Fwd"
"""What stands before the subject."""


def may_be_forwarded(article: Article) -> bool:
    """Whether it was said to or by somebody outside: what agents note down for each other never leaves."""
    is_mail = article.channel == Article.Channel.EMAIL and article.direction == Article.Direction.IN
    return article.is_visible or is_mail


def checked_forwarded(article: Article | None) -> Article:
    """The article; raises `BadInput` for one that never leaves."""
    if article is None or not may_be_forwarded(article):
        raise BadInput("forwarded", _("This is internal: it can't be forwarded."))
    return article


def prefill_forward(*, ticket: Ticket, article: Article, agent: Agent | None, quoted_html: str) -> Prefill:
    """Room to write, the signature, who wrote the message to whom, and what it says (OTRS 7.28).

    No salutation: nobody knows whom it will go to. So the signature names no customer, either.
    """
    values = values_for(ticket=ticket, agent=agent, customer=None)
    parts = (
        with_place_to_write(""),
        closing_of(ticket.queue, values),
        _head(article, ticket=ticket),
        quote_html(quoted_html or text_to_html(article.text[:QUOTE_MOST])),
    )
    subject = build_subject(number=ticket.number, subject=article.subject or ticket.title, prefix=WORD)
    return Prefill(subject=subject, html="".join(parts))


def names_of(along: Sequence[StoredFile], *, article: Article) -> str:
    """Which of the files were the message's own, as HTML: its reader can't know otherwise."""
    if not along:
        return ""
    with letters_language():
        said = _("Attachments of the message of %(sender)s: %(names)s") % {
            "sender": article.sender or article.agent or _("unknown"),
            "names": ", ".join(file.name for file in along),
        }
    return f"<p>{escape(said)}</p>"


def _head(article: Article, *, ticket: Ticket) -> str:
    """Who wrote it to whom, and when; never who got it unseen."""
    with letters_language():
        lines = (
            (_("From"), article.from_header),
            (_("To"), article.to),
            (_("Cc"), article.cc),
            (_("Date"), format_date(timezone.localtime(article.created), "d-m-Y H:i")),
            (_("Subject"), article.subject or ticket.title),
        )
        said = [_("Forwarded message"), *(f"{name}: {value}" for name, value in lines if value)]
    return f'<p class="quoteline">{"<br>".join(map(escape, said))}</p>'
