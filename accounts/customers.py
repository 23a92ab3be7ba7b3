"""Making a customer of what is known of them: a name, and an address if there is one."""

from django.db import transaction

from accounts.models import Customer, CustomerAddress


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
def customer_with(address: str, *, name: str = "") -> Customer:
    """Whose address it is, made where nobody has it: also if another makes them at the same moment.

    Without an address, somebody new, known by their name alone.
    """
    if not address:
        new = customer_named(name)
        new.save()
        return new
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    if row is not None:
        return row.customer
    new = customer_named(name, address=address)
    new.save()
    row, is_ours = CustomerAddress.objects.get_or_create(address=address, defaults={"customer": new})
    if not is_ours:
        new.delete()
    return row.customer
