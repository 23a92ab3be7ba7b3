"""How a customer is named where one is chosen, with what was typed marked in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.words import fold, typed_words
from desk.words import counted
from outbox.addresses import write_address
from tickets.actor import Actor
from tickets.queries.counted import open_counts
from tickets.queries.customers import FOUND_MOST, find_customers

BEGINS = re.compile(r"(?<![^\W_])[^\W_]")
ADDRESSES_SHOWN = 3


@dataclass(frozen=True)
class FoundCustomer:
    """A customer who was found; `address` is the one that stands for them, '' without any.

    `open`: how many open tickets of theirs the agent sees; None where that is not told.
    """

    customer: Customer
    typed: str
    address: str
    open: int | None = None

    @property
    def value(self) -> str:
        """What the field says once they are chosen: it names them wherever there is an address."""
        return write_address(self.customer.full_name, self.address) or str(self.customer)

    @property
    def name(self) -> SafeString:
        """Their name, else their address or code."""
        return marked(self.customer.full_name or self.address or self.customer.code, self.words)

    @property
    def remark(self) -> SafeString:
        """Their addresses, their code where it says more, their organisation, how many tickets are open."""
        customer = self.customer
        addresses = [row.address for row in customer.addresses.all()]
        first = [self.address, *(address for address in addresses if address != self.address)]
        said = [address for address in first if address][:ADDRESSES_SHOWN]
        if customer.code and customer.code.lower() not in addresses:
            said.append(customer.code)
        if customer.organisation is not None:
            said.append(customer.organisation.name)
        if self.open is not None:
            said.append(_open_in_words(self.open))
        return format_html_join(" · ", "{}", ((marked(text, self.words),) for text in said))

    @cached_property
    def words(self) -> list[str]:
        """What was typed, as words."""
        return typed_words(self.typed)


def found_ones(actor: Actor, *, typed: str) -> list[FoundCustomer]:
    """At most ten whom the actor may find, each once, by the address that was typed, else by their first."""
    customers = find_customers(actor=actor, typed=typed)
    opened = open_counts(customers, actor=actor)
    return [
        FoundCustomer(each, typed, _fitting(each, typed=typed), opened.get(each.pk)) for each in customers
    ]


def addresses_for(actor: Actor, *, typed: str) -> list[FoundCustomer]:
    """At most ten addresses of customers whom the actor may find by what was typed."""
    rows = (
        (each, row.address)
        for each in find_customers(actor=actor, typed=typed)
        for row in each.addresses.all()
    )
    return [FoundCustomer(each, typed, address) for each, address in rows][:FOUND_MOST]


def _fitting(customer: Customer, *, typed: str) -> str:
    addresses = sorted((row.pk, row.address) for row in customer.addresses.all())
    words = typed_words(typed)
    begun = (address for _pk, address in addresses if any(fold(address).startswith(word) for word in words))
    return next(begun, addresses[0][1] if addresses else "")


def _open_in_words(count: int) -> str:
    if not count:
        return _("no open tickets")
    return _("%(n)s open") % {"n": counted(count)}


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text, with the beginnings marked that were typed."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, words)))


def _pieces(text: str, words: Sequence[str]) -> Iterator[str | SafeString]:
    done = 0
    for begin in (match.start() for match in BEGINS.finditer(text)):
        fits = [len(word) for word in words if fold(text[begin : begin + len(word)]) == word]
        if begin >= done and fits:
            end = begin + max(fits)
            yield text[done:begin]
            yield format_html("<mark>{}</mark>", text[begin:end])
            done = end
    yield text[done:]
