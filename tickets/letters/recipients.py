"""Addresses that an agent typed: split, checked, and none of them our own."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from outbox.addresses import read_addresses, write_address
from queues.models import MailAddress
from tickets.errors import BadInput

RECIPIENTS_MOST = 50
LINE_MOST = 10_000
PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^",;])++')


def split_addresses(line: str) -> tuple[str, ...]:
    """'A <a@x>, b@y; c@z' as single addresses with their names; what is no address stays, to be refused."""
    pieces = (
        piece.strip() for piece in PIECE.findall(line[:LINE_MOST].replace("\r", " ").replace("\n", " "))
    )
    return tuple(_read(piece) for piece in pieces if piece)


def _read(piece: str) -> str:
    pairs = read_addresses(piece)
    return write_address(*pairs[0]) if len(pairs) == 1 else piece


def bare_addresses(addresses: Sequence[str]) -> list[str]:
    """The address part of each, in lower case but for nothing else."""
    return [address.lower() for _name, address in read_addresses(*addresses)]


def checked_recipients(field: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """The addresses, each once; raises `BadInput` for what is no address or one of ours (OTRS 7.16)."""
    if len(addresses) > RECIPIENTS_MOST:
        raise BadInput(field, _("At most %(n)s addresses can be given here.") % {"n": RECIPIENTS_MOST})
    unique: dict[str, str] = {}
    for typed in addresses:
        bare = bare_addresses([typed])
        address = bare[0] if bare else typed
        try:
            validate_email(address)
        except ValidationError as error:
            raise BadInput(field, _("'%(address)s' is not a mail address.") % {"address": typed}) from error
        unique.setdefault(address, typed)
    ours = (
        MailAddress.objects.filter(address__in=unique, is_active=True)
        .values_list("address", flat=True)
        .first()
    )
    if ours:
        raise BadInput(
            field,
            _("%(address)s is an address of our own: move the ticket to that queue instead.")
            % {"address": ours},
        )
    return tuple(unique.values())
