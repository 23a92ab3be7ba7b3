"""Finding the customers of a batch of mails, and making those who are new."""

from collections.abc import Iterable

from accounts.customers import customer_named
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


def _known(addresses: Iterable[str]) -> dict[str, Customer]:
    rows = CustomerAddress.objects.filter(address__in=list(addresses)).select_related("customer")
    return {row.address: row.customer for row in rows}


def _make(writers: list[Address]) -> dict[str, Customer]:
    mine = Customer.objects.bulk_create(
        customer_named(writer.name, address=writer.address) for writer in writers
    )
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
