"""Finding the customers of a batch of mails, and making those who are new."""

from collections.abc import Iterable

from accounts.models import Customer, CustomerAddress
from mailgate.parse import Address


def customers_of(writers: Iterable[Address]) -> dict[str, Customer]:
    """Address → customer for every writer, in one statement, four where some are new.

    New addresses are inserted in order, so that two batches with the same new writers never wait for each
    other in a circle; the one that comes second finds the customer of the first.
    """
    by_address: dict[str, Address] = {}
    for writer in writers:
        if writer.address not in by_address or not by_address[writer.address].name:
            by_address[writer.address] = writer
    known = _known(by_address)
    new = sorted(by_address.keys() - known.keys())
    return known | _make([by_address[address] for address in new]) if new else known


def new_customer(writer: Address) -> Customer:
    """A customer as far as a From line tells: the name as shown, the address as code (OTRS 5.27)."""
    first, last = split_name(writer.name)
    return Customer(code=writer.address[:200], first_name=first[:150], last_name=last[:150])


def split_name(name: str) -> tuple[str, str]:
    """First and last name of 'Demo van Voorbeeld' or 'Voorbeeld, Demo van'; an address is no name."""
    if "@" in name:
        return "", ""
    if name.count(",") == 1:
        last, _comma, first = name.partition(",")
        return first.strip(), last.strip()
    first, _space, last = name.strip().partition(" ")
    return first, last.strip()


def _known(addresses: Iterable[str]) -> dict[str, Customer]:
    rows = CustomerAddress.objects.filter(address__in=list(addresses)).select_related("customer")
    return {row.address: row.customer for row in rows}


def _make(writers: list[Address]) -> dict[str, Customer]:
    mine = Customer.objects.bulk_create(new_customer(writer) for writer in writers)
    CustomerAddress.objects.bulk_create(
        (
            CustomerAddress(customer=customer, address=writer.address)
            for customer, writer in zip(mine, writers, strict=True)
        ),
        ignore_conflicts=True,
    )
    stored = _known(writer.address for writer in writers)
    kept = {customer.pk for customer in stored.values()}
    if unneeded := [customer.pk for customer in mine if customer.pk not in kept]:
        Customer.objects.filter(pk__in=unneeded).delete()
    return stored
