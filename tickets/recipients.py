"""Addresses that an agent typed: split, checked, and none of them our own."""

import re
from collections.abc import Sequence
from email.utils import formataddr, getaddresses, parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from queues.models import MailAddress
from tickets.errors import BadInput

RECIPIENTS_MOST = 50
LINE_MOST = 10_000
PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^",;])++')


def split_addresses(line: str) -> tuple[str, ...]:
    """'A <a@x>, b@y; c@z' as single addresses with their names; what is no address stays, to be refused.

    Not `getaddresses`: what it makes of a line with a mistake in it differs between versions of Python.
    """
    pieces = (
        piece.strip() for piece in PIECE.findall(line[:LINE_MOST].replace("\r", " ").replace("\n", " "))
    )
    return tuple(_read(piece) for piece in pieces if piece)


def _read(piece: str) -> str:
    name, address = parseaddr(piece)
    return readable_address(name, address) if "@" in address else piece


def readable_address(name: str, address: str) -> str:
    """'Name <address>' as people read it; encoding a name is for the finished mail."""
    if not name or not address:
        return address or name
    return formataddr((name, address)) if name.isascii() else f'"{name.replace(chr(34), "")}" <{address}>'


def bare_addresses(addresses: Sequence[str]) -> list[str]:
    """The address part of each, in lower case but for nothing else."""
    return [address.lower() for _name, address in getaddresses(list(addresses)) if address]


def checked_recipients(field: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """The addresses, each once; raises `BadInput` for what is no address or one of ours (OTRS 7.16)."""
    if len(addresses) > RECIPIENTS_MOST:
        raise BadInput(field, _("At most %(n)s addresses can be given here.") % {"n": RECIPIENTS_MOST})
    unique: dict[str, str] = {}
    for given in addresses:
        bare = bare_addresses([given])
        address = bare[0] if bare else given
        try:
            validate_email(address)
        except ValidationError as error:
            raise BadInput(field, _("'%(address)s' is not a mail address.") % {"address": given}) from error
        unique.setdefault(address, given)
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
