"""What an answer begins with: to whom, under which subject, and the text that stands there already."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent, Customer, CustomerAddress
from outbox.addresses import addresses_in, compared, read_addresses, write_address
from queues.models import Queue, ResponseTemplate, Text
from queues.ours import ours_among
from queues.placeholders import CLOSING, fill, tags_in
from richtext.admin_texts import as_blocks, with_place_to_write
from richtext.convert import html_to_text, quote_html, text_to_html
from tickets.letters.language import letters_language
from tickets.letters.placeholders import values_for
from tickets.letters.recipients import addresses_kept_out, fitting
from tickets.letters.subjects import build_subject, clean_subject
from tickets.models import Article, Ticket
from tickets.queries.correspondents import known_correspondents
from tickets.queries.merges import customer_of

QUOTE_MOST = 200_000
WORD = re.compile(r"\w+|[^\s\w\x00-\x7f]")  # and what is drawn


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to.

    `others`: whom the mail went to as well and the answer does not; `elsewhere`: where the mail asks its
    answer to be sent, and nobody knows these addresses; `left_out`: how many there were no room for.
    """

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form shows first."""

    subject: str
    html: str


def answer_to(*, article: Article, ticket: Ticket, reply_all: bool, of_another: bool = False) -> Recipients:
    """To: Reply-To, else From; of an article of ours its To (OTRS 7.12, 7.13). Own addresses fall out.

    A Reply-To that neither customer nor ticket knows is only offered: where an answer goes matters more than
    whose name stands above the mail. The customer's address is put into Cc where none of theirs would get the
    answer (OTRS 7.14): of what was merged in, the customer of the ticket that it came from. To what was said
    with another customer before (`of_another`) the new one is answered alone. What the customer does not see
    is answered to whom it is from, and never to the customer, whoever named them.
    """
    if of_another:
        return Recipients(to=tuple(_written(_customers_address(ticket.customer, set(), ticket=ticket))))
    from_us = article.sender_type != Article.SenderType.CUSTOMER
    elsewhere = asked_elsewhere([article], ticket=ticket).get(article.pk, [])
    asked = [] if from_us else [pair for pair in read_addresses(article.reply_to) if pair not in elsewhere]
    writer = read_addresses(article.to if from_us else article.from_header)
    others = read_addresses(article.cc, "" if from_us else article.to)
    seen = set(ours_among({compared(address) for _name, address in asked + writer + others}))
    if not article.is_visible:
        seen |= addresses_kept_out(ticket=ticket, answered=article)
    to = _unseen(asked, set(seen)) or _unseen(writer, set(seen))
    to_kept, cc_kept = _unseen(to, seen), _unseen(others, seen) if reply_all else []
    customer = customer_of(article, ticket=ticket) if article.is_visible else None
    customers = _customers_address(customer, seen, ticket=ticket)
    left = _unseen(others, seen | {compared(address) for _name, address in customers})
    to_fitting, cc_fitting = fitting(_written(to_kept)), fitting(_written([*customers, *cc_kept]))
    first = len(customers)
    return Recipients(
        to=tuple(to_fitting),
        cc=(*cc_fitting[first:], *cc_fitting[:first]),
        others=tuple(fitting(_written(left))),
        elsewhere=tuple(_written(elsewhere)),
        left_out=len([*to_kept, *cc_kept, *customers]) - len([*to_fitting, *cc_fitting]),
    )


def others_addressed(article: Article) -> list[str]:
    """Who else got a customer's mail, and gets no plain answer to it: for a page that only names them.

    One statement, none if only we did.
    """
    pairs = read_addresses(article.to, article.cc)
    if len(pairs) <= 1 and not article.cc:
        return []
    addresses = {compared(address): address for _name, address in pairs}
    known = ours_among(addresses) | addresses_in(article.from_header, article.reply_to)
    return [written for address, written in addresses.items() if address not in known]


def asked_elsewhere(articles: Sequence[Article], *, ticket: Ticket) -> dict[int, list[tuple[str, str]]]:
    """Article's id → what its Reply-To names and neither customer nor ticket knows.

    Nothing where From is ours, as that of a form, or is missing. Three statements, none where each Reply-To
    says what From does.
    """
    mails = [article for article in articles if article.sender_type == Article.SenderType.CUSTOMER]
    senders = {mail.pk: addresses_in(mail.from_header) for mail in mails if mail.reply_to}
    asked = {
        mail.pk: [pair for pair in read_addresses(mail.reply_to) if compared(pair[1]) not in senders[mail.pk]]
        for mail in mails
        if mail.reply_to
    }
    if not any(asked.values()):
        return {}
    ours = ours_among(set().union(*senders.values(), *(addresses_in(mail.reply_to) for mail in mails)))
    known = ours | known_correspondents(ticket)
    strange = {pk: [pair for pair in pairs if compared(pair[1]) not in known] for pk, pairs in asked.items()}
    return {pk: pairs for pk, pairs in strange.items() if pairs and senders[pk] - ours}


def prefill(
    *,
    ticket: Ticket,
    article: Article | None,
    template: ResponseTemplate | None,
    agent: Agent | None,
    quoted_html: str = "",
    of_another: bool = False,
) -> Prefill:
    """Salutation, standard answer, room to write, signature, and the quotation (OTRS 7.20, 7.21).

    Each is in blocks of its own; where the agent goes on writing is marked (`with_place_to_write`). What an
    agent noted down of a call is nobody's words: neither they nor their subject are given back. What was said
    with another customer (`of_another`) is not the new one's to read.
    """
    queue = ticket.queue
    values = values_about(ticket, agent, None if of_another else article)
    if article is not None and (of_another or article.channel == Article.Channel.PHONE):
        article = None
    parts = [
        _filled(queue.salutation, values),
        with_place_to_write(_filled(template, values)),
        closing_of(queue, values),
    ]
    if article is not None:
        parts.append(quotation(article, quoted_html=quoted_html))
    subject = article.subject if article is not None and article.subject else ticket.title
    return Prefill(subject=build_subject(number=ticket.number, subject=subject), html="".join(parts))


def standard_text(
    *, ticket: Ticket, template: Text, agent: Agent | None, article: Article | None = None
) -> str:
    """A standard answer as it is put into a text about this ticket: clean blocks, the placeholders filled.

    `article` is what is answered, if its sender is whom the ticket is about now.
    """
    return _filled(template, values_about(ticket, agent, article))


def values_about(ticket: Ticket, agent: Agent | None, writer: Article | None) -> dict[str, str]:
    """What the placeholders stand for; `writer`: a mail whose sender's name serves, if we know none.

    Of one that was merged in, its own customer and subject: the title is the question of another. Who wrote
    what the customer does not see is not the customer, and is greeted by their own name.
    """
    customer = customer_of(writer, ticket=ticket)
    real_name = _real_name(writer) if writer else ""
    greeted = customer if writer is None or writer.is_visible else None
    values = values_for(ticket=ticket, agent=agent, customer=greeted, real_name=real_name)
    if writer is not None and customer != ticket.customer:
        values["TICKET_TITLE"] = clean_subject(number=ticket.number, subject=writer.subject)
    return values


def signature_of(ticket: Ticket, *, agent: Agent | None, real_name: str = "") -> str:
    """What `closing_of` says for a ticket, which need not be saved yet."""
    values = values_for(ticket=ticket, agent=agent, customer=ticket.customer, real_name=real_name)
    return closing_of(ticket.queue, values)


def closing_of(queue: Queue, values: Mapping[str, str]) -> str:
    """The queue's signature as HTML of its own blocks, and below it the agent's own closing line, unless the
    signature says itself where that stands.
    """
    signature, line = _filled(queue.signature, values), values.get(CLOSING, "")
    if not line or (queue.signature and CLOSING in tags_in(queue.signature.html)):
        return signature
    return f"{signature}<p>{escape(line)}</p>"


def _filled(text: Text | None, values: Mapping[str, str]) -> str:
    return fill(as_blocks(text.html), values) if text else ""


def has_own_words(html: str, *, begun: str) -> bool:
    """Whether an answer has a word that did not stand there when it was begun.

    What was taken away, and how it is laid out, does not count: an editor writes the same in another way,
    and so does a form without one.
    """
    written, text = WORD.findall(html_to_text(html)), html_to_text(begun)
    return not (_stand_in(written, text) or _stand_in(written, html_to_text(text_to_html(text))))


def _stand_in(words: Sequence[str], text: str) -> bool:
    """Whether all these words stand in the text, in their order."""
    rest = iter(WORD.findall(text))
    return all(word in rest for word in words)


def quotation(article: Article, *, quoted_html: str) -> str:
    """What was said, as an answer quotes it."""
    local = timezone.localtime(article.created)
    name = _real_name(article) or article.from_address
    with letters_language():
        line = _("%(date)s - %(name)s wrote:") % {"date": format_date(local, "d-m-Y H:i"), "name": name}
    html = quoted_html or article.html or text_to_html(article.text[:QUOTE_MOST])
    return f'<p class="quoteline">{escape(line)}</p>{quote_html(html)}'


def _real_name(article: Article) -> str:
    pairs = read_addresses(article.from_header)
    return pairs[0][0] if pairs else ""


def _written(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [write_address(*pair) for pair in pairs]


def _unseen(pairs: Sequence[tuple[str, str]], seen: set[str]) -> list[tuple[str, str]]:
    kept = []
    for name, address in pairs:
        if compared(address) not in seen:
            seen.add(compared(address))
            kept.append((name, address))
    return kept


def _customers_address(customer: Customer | None, seen: set[str], *, ticket: Ticket) -> list[tuple[str, str]]:
    """The customer's address when none of theirs is among the recipients, as they last wrote it."""
    if customer is None:
        return []
    rows = CustomerAddress.objects.filter(customer=customer).order_by("pk")
    addresses = list(rows.values_list("address", flat=True)[:20])
    if not addresses or seen.intersection(addresses):
        return []
    theirs = ticket.articles.filter(from_address=addresses[0], direction=Article.Direction.IN)
    header = theirs.order_by("-pk").values_list("from_header", flat=True).first() or ""
    written = (address for _name, address in read_addresses(header) if compared(address) == addresses[0])
    return [("", next(written, addresses[0]))]
