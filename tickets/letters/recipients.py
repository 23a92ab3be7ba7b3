"""Addresses that an agent typed: split, checked, and none of them our own."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in, compared, is_address, read_addresses, write_address
from queues.ours import ours_among
from tickets.errors import BadInput
from tickets.models import Article, Ticket
from tickets.queries.correspondents import addresses_named_in, askers_of
from tickets.queries.merges import customer_of

RECIPIENTS_MOST = 50
LINE_MOST = 10_000
NAMED_MOST = 60
"""How much of what is no address a sentence says again."""
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
    """The address part of each, as it was written, each once in whatever case."""
    bare = (address for _name, address in read_addresses(*addresses))
    unique: dict[str, str] = {}
    for address in bare:
        unique.setdefault(compared(address), address)
    return list(unique.values())


def checked_recipients(field: str, addresses: Sequence[str], *, ticket: Ticket) -> tuple[str, ...]:
    """The addresses, each once; raises `BadInput` for what is no address or one of ours (OTRS 7.16).

    An odd one, which is likely a slip of the hand, is believed where the ticket's mails have it: whether a
    mail can be sent there, is for the mail server to say.
    """
    if len(addresses) > RECIPIENTS_MOST:
        raise BadInput(field, _("At most %(n)s addresses can be given here.") % {"n": RECIPIENTS_MOST})
    unique: dict[str, str] = {}
    for typed in addresses:
        bare = bare_addresses([typed])
        address = bare[0] if bare else typed
        if not _is_usual(address) and not _is_known(address, ticket=ticket):
            named = Truncator(typed).chars(NAMED_MOST)
            raise BadInput(field, _("'%(address)s' is not a mail address.") % {"address": named})
        unique.setdefault(compared(address), typed)
    ours = ours_among(unique)
    if ours:
        raise BadInput(
            field,
            _("%(address)s is an address of our own: move the ticket to that queue instead.")
            % {"address": min(ours)},
        )
    return tuple(unique.values())


def checked_to(addresses: Sequence[str], *, ticket: Ticket) -> tuple[str, ...]:
    """The addresses that a mail goes to; raises `BadInput` where one is wrong, or there is none."""
    to = checked_recipients("to", addresses, ticket=ticket)
    if not to:
        raise BadInput("to", _("Give at least one address to send it to."))
    return to


def addresses_kept_out(*, ticket: Ticket, answered: Article | None) -> set[str]:
    """The addresses that get nothing of what the customer does not see, as addresses are compared.

    They are the customer's, and of what was merged in its own customer's; where there is none, who asked.
    """
    customers = {ticket.customer, customer_of(answered, ticket=ticket)}
    rows = CustomerAddress.objects.filter(customer__in=customers - {None})
    return {row.address for row in rows} | (askers_of(ticket) if None in customers else set())


def check_without_customer(*, ticket: Ticket, answered: Article | None, **fields: Sequence[str]) -> None:
    """Raise `BadInput` where a mail that the customer is not to see would go to the customer.

    `answered`: what it answers or sends on.
    """
    theirs = addresses_kept_out(ticket=ticket, answered=answered)
    for field, addresses in fields.items():
        if found := theirs & addresses_in(*addresses):
            sentence = _(
                "%(address)s is the customer's: take it away, or let the customer see this e-mail as well."
            )
            if answered is not None and not answered.is_visible:
                sentence = _("%(address)s is the customer's, who does not see this message: take it away.")
            raise BadInput(field, sentence % {"address": min(found)})


def _is_usual(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _is_known(address: str, *, ticket: Ticket) -> bool:
    """Whether it is an address at all, and a mail of the ticket names it, or it is the customer's."""
    return is_address(address) and compared(address) in addresses_named_in(ticket)


def fitting(addresses: Sequence[str]) -> list[str]:
    """The first of these addresses, as many as one field takes."""
    kept, length = [], 0
    for address in addresses[:RECIPIENTS_MOST]:
        length += len(address) + len(", ")
        if length > LINE_MOST:
            break
        kept.append(address)
    return kept
