"""What an answer begins with: to whom, under which subject, and the text that stands there already."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agent, CustomerAddress
from outbox.addresses import read_addresses, write_address
from queues.models import MailAddress, ResponseTemplate, Text
from queues.placeholders import fill
from richtext.admin_texts import as_blocks, with_place_to_write
from richtext.convert import quote_html, text_to_html
from tickets.letters.placeholders import values_for
from tickets.letters.subjects import build_subject
from tickets.models import Article, Ticket

QUOTE_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form shows first."""

    subject: str
    html: str


def answer_to(*, article: Article, ticket: Ticket, reply_all: bool) -> Recipients:
    """To: Reply-To, else From; of an article of ours its To (OTRS 7.12, 7.13). Own addresses fall out.

    The customer's address is put into Cc where none of theirs would get the answer (OTRS 7.14).
    """
    from_us = article.sender_type != Article.SenderType.CUSTOMER
    to = _pairs(article.to) if from_us else (_pairs(article.reply_to) or _pairs(article.from_header))
    others = _pairs(article.cc) + ([] if from_us else _pairs(article.to)) if reply_all else []
    ours = _our_addresses({address for _name, address in to + others})
    seen = set(ours)
    to_kept, cc_kept = _unseen(to, seen), _unseen(others, seen)
    if article.is_visible and (customers := _customers_address(ticket, seen)):
        cc_kept.append(customers)
    return Recipients(to=tuple(to_kept), cc=tuple(cc_kept))


def prefill(
    *,
    ticket: Ticket,
    article: Article | None,
    template: ResponseTemplate | None,
    agent: Agent | None,
    quoted_html: str = "",
) -> Prefill:
    """Salutation, standard answer, room to write, signature, and the quotation (OTRS 7.20, 7.21).

    Each is in blocks of its own; where the agent goes on writing is marked (`with_place_to_write`).
    """
    queue = ticket.queue
    values = values_for(
        ticket=ticket, agent=agent, customer=ticket.customer, real_name=_real_name(article) if article else ""
    )
    parts = [
        _filled(queue.salutation, values),
        with_place_to_write(_filled(template, values)),
        _filled(queue.signature, values),
    ]
    if article is not None:
        parts.append(_quotation(article, quoted_html=quoted_html))
    subject = article.subject if article is not None and article.subject else ticket.title
    return Prefill(subject=build_subject(number=ticket.number, subject=subject), html="".join(parts))


def _filled(text: Text | None, values: Mapping[str, str]) -> str:
    return fill(as_blocks(text.html), values) if text else ""


def _quotation(article: Article, *, quoted_html: str) -> str:
    local = timezone.localtime(article.created)
    name = _real_name(article) or article.from_address
    line = _("%(date)s - %(name)s wrote:") % {"date": format_date(local, "d-m-Y H:i"), "name": name}
    html = quoted_html or article.html or text_to_html(article.text[:QUOTE_MOST])
    return f'<p class="quoteline">{escape(line)}</p>{quote_html(html)}'


def _real_name(article: Article) -> str:
    pairs = _pairs(article.from_header)
    return pairs[0][0] if pairs else ""


def _pairs(header: str) -> list[tuple[str, str]]:
    return [(name, address.lower()) for name, address in read_addresses(header)]


def _our_addresses(addresses: set[str]) -> set[str]:
    return set(MailAddress.objects.filter(address__in=addresses).values_list("address", flat=True))


def _unseen(pairs: list[tuple[str, str]], seen: set[str]) -> list[str]:
    kept = []
    for name, address in pairs:
        if address not in seen:
            seen.add(address)
            kept.append(write_address(name, address))
    return kept


def _customers_address(ticket: Ticket, seen: set[str]) -> str:
    """The customer's address when none of theirs is among the recipients."""
    if ticket.customer is None:
        return ""
    rows = CustomerAddress.objects.filter(customer=ticket.customer).order_by("pk")
    addresses = list(rows.values_list("address", flat=True)[:20])
    return "" if not addresses or seen.intersection(addresses) else addresses[0]
