"""When no automatic answer is sent: what keeps two machines from answering each other (OTRS 6.9 to 6.12).

Whoever marks a mail as automatic gets no answer (RFC 3834, 2). Against those who don't, only counting helps:
so many answers a day for an address, so many for a ticket.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Count, Q

from mailgate.models import AutoResponseSent
from mailgate.react.events import BusyError
from outbox.addresses import read_addresses, write_address
from queues.models import AutoResponse, MailAddress
from tickets.kinds import Withheld
from tickets.models import Article, StateType, Ticket

DAY = timedelta(hours=24)
CLOSED_TYPES = (StateType.CLOSED, StateType.MERGED, StateType.REMOVED)
FOR_NEW_TICKETS = (AutoResponse.Kind.NEW_TICKET, AutoResponse.Kind.NEW_AFTER_CLOSED)
LOCKS = 7101  # the first half of our advisory locks' keys: nobody else in the house uses this one
_MACHINE = re.compile(
    r"(?:.*[-_.+=])?(?:mailer-?daemon|mail-?daemon|postmaster|abuse|bounces?|listserv|majordomo"
    r"|no[-_.]?reply|do[-_.]?not[-_.]?reply|niet[-_.]?(?:be)?antwoorden|geen[-_.]?antwoord)(?:[-_.+=].*)?@.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whom an automatic answer goes to, with the name they gave themselves; `withheld`: why it does not."""

    to: str
    address: str
    withheld: Withheld | None


def check(*, article: Article, ticket: Ticket, kind: str, now: datetime) -> Checked:
    """Whether this article may be answered automatically, to Reply-To or else From (OTRS 6.4).

    Of several addresses in Reply-To the first gets it: a mail can't be made to rain on many. The caller holds
    the ticket's lock; what is counted for the address stays as it is until the end of the transaction.
    """
    name, address = next(_answerable(article), ("", ""))
    withheld = next(_reasons(article, ticket=ticket, kind=kind, address=address, now=now), None)
    return Checked(to=write_address(name, address), address=address, withheld=withheld)


def _answerable(article: Article) -> Iterator[tuple[str, str]]:
    """Bare addresses in lower case, so that other words around one do not make it another (OTRS 6.11)."""
    for header in (article.reply_to, article.from_header):
        for name, address in read_addresses(header):
            yield name, address.lower()


def _reasons(
    article: Article, *, ticket: Ticket, kind: str, address: str, now: datetime
) -> Iterator[Withheld]:
    """Those that hold, the surest first."""
    if article.sender_type == Article.SenderType.SYSTEM:
        yield Withheld.BOUNCE
    if article.is_automatic:
        yield Withheld.AUTOMATIC
    if not _is_usable(address):
        yield Withheld.NO_ADDRESS
    if _MACHINE.fullmatch(address):
        yield Withheld.MACHINE
    if MailAddress.objects.filter(address=address).exists():
        yield Withheld.OURS
    if ticket.queue.sender is None:
        yield Withheld.NO_SENDER
    if kind in FOR_NEW_TICKETS and ticket.state_type in CLOSED_TYPES:
        yield Withheld.CLOSED
    yield from _counted(address, ticket=ticket, now=now)


def _is_usable(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254  # RFC 5321, 4.5.3.1


def _counted(address: str, *, ticket: Ticket, now: datetime) -> Iterator[Withheld]:
    _hold(address)
    sent = AutoResponseSent.objects.filter(Q(address=address) | Q(ticket=ticket), at__gt=now - DAY).aggregate(
        address=Count("pk", filter=Q(address=address)), ticket=Count("pk", filter=Q(ticket=ticket))
    )
    if sent["address"] >= settings.AUTO_RESPONSES_PER_ADDRESS:
        yield Withheld.ENOUGH_FOR_ADDRESS
    if sent["ticket"] >= settings.AUTO_RESPONSES_PER_TICKET:
        yield Withheld.ENOUGH_IN_TICKET


def _hold(address: str) -> None:
    """Until the transaction ends nobody else counts for this address: two at once would both be the last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, address])
        if cursor.fetchone() != (True,):
            raise BusyError
