"""Which addresses are our own: the one answer for mail that comes in and for mail that leaves."""

from collections.abc import Collection, Iterator

from django.db.models.functions import Lower

from outbox.addresses import compared
from queues.models import MailAddress


def own_forms(address: str) -> Iterator[str]:
    """Under which addresses of ours it may be known, the likeliest first, in lower case.

    'queue+x@kvv.example' is delivered to 'queue@kvv.example', unless it is an address by itself.
    """
    name, at, domain = compared(address).rpartition("@")
    yield f"{name}{at}{domain}"
    while "+" in name:
        name = name.rpartition("+")[0]
        yield f"{name}{at}{domain}"


def ours_among(addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses that lead to us, as they are written here; one statement, none without any.

    So do plus-addresses, those of forms, and those that are not in use any more.
    """
    if not addresses:
        return frozenset()
    forms = {address: set(own_forms(address)) for address in addresses}
    known = MailAddress.objects.annotate(lower=Lower("address"))
    ours = set(known.filter(lower__in=set().union(*forms.values())).values_list("lower", flat=True))
    return frozenset(address for address, possible in forms.items() if possible & ours)
