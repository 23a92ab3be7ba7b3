"""Whether mail to an address is for us."""

from queues.models import MailAddress

POSTMASTER = "postmaster"


def without_tag(address: str) -> str:
    """'queue+x@kvv.example' is delivered to 'queue@kvv.example'."""
    name, _at, domain = address.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def is_ours(address: str) -> bool:
    """Whether an active address of a queue is meant, with or without a tag.

    'postmaster' is, alone or at a domain of ours: it must always be reached (RFC 5321, 4.5.1).
    """
    address = address.lower()
    ours = MailAddress.objects.filter(is_active=True, queue__isnull=False)
    name, _at, domain = address.rpartition("@")
    if (name or domain) == POSTMASTER:
        return not name or ours.filter(address__endswith=f"@{domain}").exists()
    return ours.filter(address__in=[address, without_tag(address)]).exists()
