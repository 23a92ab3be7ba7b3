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


def takes_mail_for(address: str) -> bool:
    """Whether mail to it reaches a queue: an address that is in use, with or without a tag.

    'postmaster' does, alone or at a domain of ours: it must always be reached (RFC 5321, 4.5.1).
    """
    in_use = MailAddress.objects.filter(is_active=True, queue__isnull=False).annotate(lower=Lower("address"))
    name, _at, domain = compared(address).rpartition("@")
    if (name or domain) == "postmaster":
        return not name or in_use.filter(lower__endswith=f"@{domain}").exists()
    return in_use.filter(lower__in=[*own_forms(address)]).exists()
