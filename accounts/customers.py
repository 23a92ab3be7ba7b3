"""Making a customer of what is known of them: a name, and an address if there is one."""

from collections.abc import Callable, Mapping, Sequence

from django.db import IntegrityError, transaction

from accounts.models import Customer, CustomerAddress, Organisation


def customer_named(name: str, *, address: str = "") -> Customer:
    """A customer that is not kept yet: the name as shown, the address as code (OTRS 5.27)."""
    first, last = split_name(name)
    return Customer(code=address[:200], first_name=first[:150], last_name=last[:150])


def split_name(name: str) -> tuple[str, str]:
    """First and last name of 'Demo van Voorbeeld' or 'Voorbeeld, Demo van'; an address is no name."""
    if "@" in name:
        return "", ""
    if name.count(",") == 1:
        last, _comma, first = name.partition(",")
        return first.strip(), last.strip()
    first, _space, last = name.strip().partition(" ")
    return first, last.strip()


@transaction.atomic
def customer_with(
    address: str, *, name: str = "", claims: Callable[[], Mapping[str, object]] = dict
) -> Customer:
    """Whose address it is, made where nobody has it: also if another makes them at the same moment.

    Without an address, somebody new, known by their name alone. `claims`: what somebody new says of
    themselves besides, asked of nobody else.
    """
    if not address:
        new = customer_named(name)
        new.save()
        return new
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    if row is not None:
        return row.customer
    new = customer_named(name, address=address)
    for claim, value in claims().items():
        setattr(new, claim, value)
    new.save()
    try:
        with transaction.atomic():
            CustomerAddress.objects.create(address=address, customer=new)
    except IntegrityError:
        new.delete()
        return CustomerAddress.objects.select_related("customer").get(address=address).customer
    return new


class AddressTakenError(Exception):
    """An address that is to be added is another customer's; whose, is not said."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@transaction.atomic
def keep_customer(
    known: Customer | None,
    *,
    values: Mapping[str, object],
    add: Sequence[str],
    remove: Sequence[str] = (),
) -> Customer:
    """Keep what is known of a customer, or of a new one, with addresses added and taken away.

    The code of a new one is the first address, if none is given. Raises `AddressTakenError`, and keeps
    nothing then.
    """
    customer = known or Customer()
    for name, value in values.items():
        setattr(customer, name, value)
    if known is None:
        customer.code = customer.code or next(iter(add), "")[:200]
        customer.save()
    elif values:
        customer.save(update_fields=list(values))
    if remove:
        customer.addresses.filter(address__in=remove).delete()
    for address in sorted(add):
        try:
            with transaction.atomic():
                row, _made = CustomerAddress.objects.get_or_create(
                    address=address, defaults={"customer": customer}
                )
        except IntegrityError as error:
            raise AddressTakenError(address) from error
        if row.customer_id != customer.pk:
            raise AddressTakenError(address)
    return customer


def addresses_of(customer: Customer) -> list[str]:
    """The customer's, the first one first."""
    return list(customer.addresses.order_by("pk").values_list("address", flat=True))


def organisation_named(name: str) -> Organisation | None:
    """The one of this name, in whatever case; None where there is none, or several."""
    named = list(Organisation.objects.filter(name__iexact=name)[:2])
    return named[0] if len(named) == 1 else None
