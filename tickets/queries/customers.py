"""Who finds whom: an agent a customer who has a ticket that they may see, or whose full address or code they
typed; a superuser every customer.

Each typed word is the beginning of one of the customer's: of their name, an address or their code.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.customers import customer_with
from accounts.models import Customer, CustomerAddress
from accounts.words import typed_words
from outbox.addresses import compared, is_address, read_addresses
from queues.ours import ours_among
from tickets.access import find_customer
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.queries.customer_keys import WhichCustomers, codes_in, keys_of

FOUND_MOST, TYPED_MOST, ADDRESSES_MOST = 10, 200, 100


def find_customers(*, actor: Actor, typed: str) -> list[Customer]:
    """At most ten customers, with their organisation and addresses: first who was named in full.

    Three statements, one more where several words were typed, none for nothing.
    """
    typed = typed[:TYPED_MOST].replace("\0", "")
    words = typed_words(typed)
    if not words:
        return []
    by_words = keys_of(WhichCustomers(words=words), actor=actor, limit=FOUND_MOST)
    ids = [*named_in_full(typed), *(customer_id for _word, customer_id in by_words)]
    wanted = list(dict.fromkeys(ids))[:FOUND_MOST]
    found = Customer.objects.select_related("organisation").prefetch_related("addresses").in_bulk(wanted)
    return [found[customer_id] for customer_id in wanted if customer_id in found]


def named_in_full(typed: str) -> list[int]:
    """Whose whole address or code this is: who knows it need not be told.

    A union, as one condition or another reads every customer: 15 ms at 100,000 of them, against 0.1.
    """
    by_address = CustomerAddress.objects.filter(address=typed.strip().lower()).values_list("customer_id")
    by_code = Customer.objects.filter(code__in=codes_in(typed)).values_list("pk")
    return [customer_id for (customer_id,) in by_address.union(by_code).order_by("customer_id")[:FOUND_MOST]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Somebody whom nobody knows yet; kept when what they are needed for is done."""

    name: str = ""
    address: str = ""

    def keep(self) -> Customer:
        """The customer, made now, or whose address it has become meanwhile."""
        return customer_with(self.address, name=self.name)


def address_meant(customer: Customer | NewCustomer, *, typed: str) -> str:
    """Which of the customer's addresses is meant: the one typed, else their first; '' without any."""
    if isinstance(customer, NewCustomer):
        return customer.address
    theirs = list(customer.addresses.order_by("pk").values_list("address", flat=True)[:ADDRESSES_MOST])
    named = [compared(address) for _name, address in read_addresses(typed)]
    return next((address for address in named if address in theirs), theirs[0] if theirs else "")


def customer_meant(*, actor: Actor, typed: str, chosen: int | None) -> Customer | NewCustomer | None:
    """Whom somebody means who typed this, and chose the customer with that id: None where they must choose.

    An address says who it is, be it that of a new customer, and so does a whole code that only one has.
    Raises `BadInput` for an address of our own.
    """
    if chosen is not None:
        try:
            return find_customer(customer_id=chosen, actor=actor, named=typed)
        except Customer.DoesNotExist:
            return None
    pairs = read_addresses(typed)
    if len(pairs) == 1 and is_address(pairs[0][1]):
        (name, address), compare = pairs[0], compared(pairs[0][1])
        known = Customer.objects.filter(addresses__address=compare).first()
        if known is None and ours_among({compare}):
            sentence = _("%(address)s is an address of our own. Give that of the customer.")
            raise BadInput("customer", sentence % {"address": address})
        return known or NewCustomer(name=name, address=compare)
    named = named_in_full(typed) if typed.strip() else []
    return Customer.objects.get(pk=named[0]) if len(named) == 1 else None
