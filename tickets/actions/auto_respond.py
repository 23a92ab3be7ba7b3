"""Automatic answers, which change nothing of a ticket but that they are there (OTRS 6.4 to 6.8).

They come in batches: each is written by itself, without a change to the database, and all are sent together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import CustomerAddress
from outbox.addresses import compared, read_addresses, write_address
from outbox.models import OutboundMessage
from outbox.queueing import Outgoing, enqueue_many
from queues.models import AutoResponse
from queues.placeholders import fill, fill_line, tags_in
from richtext.admin_texts import as_blocks
from tickets.actor import Actor
from tickets.changing.article_rows import ArticleRow, insert_articles, note_in_overview
from tickets.changing.articles import NewArticle
from tickets.changing.changes import NOTHING, Changes, Side, save_all
from tickets.changing.events import NewEvent, record_all
from tickets.changing.locking import atomic_action
from tickets.customer_link import address_of_page, with_link
from tickets.kinds import EventKind, Withheld
from tickets.letters.letter import Voice, write_letter
from tickets.letters.placeholders import values_for, values_of_mail
from tickets.letters.strangers_words import plain_lines, plain_name, plain_subject
from tickets.models import Article, Ticket
from tickets.models.article import UNCONFIRMED
from tickets.queries.merges import customer_of
from work.trace import current_trace

TEXT_MOST = 10_000
"""So much of a mail is looked at, of which an automatic answer quotes some lines."""
QUOTATIONS = ("CUSTOMER_EMAIL", "CUSTOMER_BODY", "CUSTOMER_NOTE")
CUSTOMER_PAGE = "CUSTOMER_PAGE"
"""The placeholder for the address of the customer's own page."""
KVV = Voice(sender_type=Article.SenderType.SYSTEM, is_automatic=True, reply_word="")


@dataclass(frozen=True, slots=True)
class AutoAnswer:
    """A written answer to one mail; `mail` is what leaves, `new` the article that tells of it."""

    ticket: Ticket
    new: NewArticle
    mail: Outgoing
    changes: dict[str, list[Side]]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A mail that gets no automatic answer, and what the history says of that."""

    ticket: Ticket
    answered: Article
    changes: dict[str, list[Side]]
    trace: str = field(default_factory=current_trace)


def write_answer(
    *,
    ticket: Ticket,
    answered: Article,
    response: AutoResponse,
    to: str,
    key: str,
    now: datetime,
    about: Ticket | None = None,
    is_merged: bool = False,
) -> AutoAnswer:
    """An answer to a customer's mail by an admin's text, to one address (`to`, with or without a name).

    `about`, if not the ticket that it leaves from, is the one that was merged into that: the text tells of
    it, and knows the numbers of both (OTRS 7.50). `is_merged`: something was merged into the ticket, so that
    the mail may be another customer's.

    The envelope has no sender, so that nothing comes back. `key` makes it once, however often it is sent.
    Raises `BadInput` where the queue has no sender.
    """
    ((name, address),) = read_addresses(to)
    to = write_address("" if is_anybodys(answered) else plain_name(name), address)
    page = address_of_page(ticket=ticket, address=address) if answered.is_visible else ""
    html = as_blocks(response.html)
    tags = tags_in(response.subject, html)
    values = _values(about or ticket, answered=answered, to=to, is_merged=is_merged) | _words_of(
        answered, tags=tags
    )
    if about is not None:
        values |= {"TICKET": about.number, "MERGE_TO_TICKET": ticket.number}
    values[CUSTOMER_PAGE] = page
    letter = write_letter(
        ticket=ticket,
        voice=KVV,
        to=[to],
        subject=fill_line(response.subject, values),
        html=with_link(fill(html, values), page=page),
        answered=answered,
        is_visible=answered.is_visible,
        now=now,
    )
    changes = {"auto_response": [NOTHING, Side(id=response.pk, label=f"{response.name} → {to}")]}
    mail = letter.outgoing(sender="", dedupe_key=key)
    return AutoAnswer(ticket=ticket, new=letter.article, mail=mail, changes=changes)


def withhold_answer(
    *, ticket: Ticket, answered: Article, response: AutoResponse, reason: Withheld, to: str
) -> NoAnswer:
    """What the history will say of a mail that this text does not answer, and why it does not."""
    changes = {
        "auto_response": [NOTHING, Side(id=response.pk, label=response.name)],
        "withheld": [NOTHING, Side(id=reason.value, label=to)],
    }
    return NoAnswer(ticket=ticket, answered=answered, changes=changes)


@atomic_action
def auto_respond(*, actor: Actor, answers: Sequence[AutoAnswer | NoAnswer], now: datetime) -> list[Article]:
    """Send what was written, all or none, and tell of it and of what is withheld; gives the new articles.

    State, lock, owner and what is unread stay as they are. What was sent with the same key before is not
    sent or told again. The caller has locked the tickets, each of which several answers may be for, by
    `lock_tickets`.
    """
    written = [answer for answer in answers if isinstance(answer, AutoAnswer)]
    sent = {row.message_id: row for row in enqueue_many([answer.mail for answer in written])}
    new = [answer for answer in written if answer.mail.message_id in sent]
    articles = _insert(new, sent=sent, actor=actor, now=now)
    events = (_event_of(answer, articles=articles) for answer in answers)
    record_all([event for event in events if event is not None], actor=actor, now=now)
    return list(articles.values())


def _insert(
    written: Sequence[AutoAnswer], *, sent: dict[str, OutboundMessage], actor: Actor, now: datetime
) -> dict[str, Article]:
    """The articles by their Message-ID, and what the overviews show of them on their tickets."""
    rows = [
        ArticleRow(ticket=answer.ticket, new=answer.new, outbound=sent[answer.mail.message_id])
        for answer in written
    ]
    articles = insert_articles(rows, now=now)
    changes = {answer.ticket.pk: Changes(answer.ticket, actor=actor, now=now) for answer in written}
    for answer, article in zip(written, articles, strict=True):
        note_in_overview(changes[answer.ticket.pk], new=answer.new, article=article)
    save_all(changes.values())
    return {article.message_id: article for article in articles}


def _event_of(answer: AutoAnswer | NoAnswer, *, articles: dict[str, Article]) -> NewEvent | None:
    """What the history says of an answer, or of its lack; nothing of one that was sent before."""
    if isinstance(answer, NoAnswer):
        return NewEvent(
            ticket=answer.ticket,
            kind=EventKind.AUTO_WITHHELD,
            article=answer.answered,
            changes=answer.changes,
            trace=answer.trace,
        )
    article = articles.get(answer.mail.message_id)
    if article is None:
        return None
    return NewEvent(
        ticket=answer.ticket,
        kind=EventKind.AUTO_RESPONDED,
        article=article,
        changes=answer.changes,
        trace=answer.mail.trace,
    )


def _values(ticket: Ticket, *, answered: Article, to: str, is_merged: bool) -> dict[str, str]:
    """Who has no part in the ticket learns neither its customer nor its title, but for the one they wrote.
    To an address that anybody may have given nothing is said of what was written, not even a name.

    Nobody reads these words before they leave: a name that is more than one is passed over for the address,
    a subject for 'your message', and lines with a link in them are left out.
    """
    ((name, address),) = read_addresses(to)
    if is_anybodys(answered):
        values = values_for(ticket=ticket, agent=None, customer=None, real_name=address)
        return values | {"TICKET_TITLE": _("your message")}
    is_theirs = answered.is_visible and _takes_part(compared(address), ticket=ticket, answered=answered)
    theirs = customer_of(answered, ticket=ticket) if is_merged else ticket.customer
    customer = theirs if is_theirs else None
    values = values_for(
        ticket=ticket,
        agent=None,
        customer=customer if customer is not None and plain_name(customer.full_name) else None,
        real_name=name or address,
    )
    title = values["TICKET_TITLE"]
    asked_it = answered.is_visible and ticket.title == answered.subject
    knows_title = asked_it or (is_theirs and theirs == ticket.customer)
    values["TICKET_TITLE"] = (plain_subject(title) or _("your message")) if title and knows_title else ""
    return values


def _words_of(answered: Article, *, tags: set[str]) -> dict[str, str]:
    """The mail's own; its text only where one of these tags wants it."""
    values = values_of_mail(answered)
    if is_anybodys(answered):
        bare = dict.fromkeys(values, "") | {"CUSTOMER_SUBJECT": _("your message")}
        return bare | {"CUSTOMER_FROM": answered.from_address}
    subject = values["CUSTOMER_SUBJECT"]
    text = "" if tags.isdisjoint(QUOTATIONS) else plain_lines(answered.text[:TEXT_MOST])
    return values | {
        "CUSTOMER_SUBJECT": (plain_subject(subject) or _("your message")) if subject else "",
        **{name: _bare(values[name]) for name in ("CUSTOMER_FROM", "CUSTOMER_TO", "CUSTOMER_CC")},
        **dict.fromkeys(QUOTATIONS, text),
    }


def is_anybodys(answered: Article) -> bool:
    """Whether anybody can have given the address that it came from, and all its words are a stranger's."""
    return answered.warning == UNCONFIRMED


def _bare(header: str) -> str:
    """The addresses of a header, with those of their names that are no more than that."""
    return ", ".join(write_address(plain_name(name), address) for name, address in read_addresses(header))


def _takes_part(address: str, *, ticket: Ticket, answered: Article) -> bool:
    """Whether it is who wrote, or the customer: a known From says nothing of the address in Reply-To."""
    if address == answered.from_address:
        return True
    customers = CustomerAddress.objects.filter(customer=ticket.customer, address=address)
    return ticket.customer is not None and customers.exists()
