"""When no automatic answer is sent: what keeps two machines from answering each other (OTRS 6.9 to 6.12).

Whoever marks a mail as automatic gets no answer (RFC 3834, 2). Against those who don't, only counting helps:
so many answers a day for an address, so many for a ticket, so many an hour for everybody together.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet

from mailgate.models import AutoResponseSent
from outbox.addresses import compared, is_address, read_addresses, write_address
from queues.models import AutoResponse
from queues.ours import ours_among
from tickets.kinds import Withheld
from tickets.models import Article, StateType, Ticket
from tickets.reactions import BusyError
from work.locks import Lock

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
CLOSED_TYPES = (StateType.CLOSED, StateType.MERGED, StateType.REMOVED)
PROVES_NOTHING = frozenset({"DMARC", "SPF"})
"""Where one of these failed, the address may be anybody's, and our answer a mail that nobody asked for."""
FOR_NEW_TICKETS = (AutoResponse.Kind.NEW_TICKET, AutoResponse.Kind.NEW_AFTER_CLOSED)
_MACHINE = re.compile(
    r"(?:.*[-_.+=])?(?:mailer-?daemon|mail-?daemon|postmaster|abuse|bounces?|listserv|majordomo"
    r"|no[-_.]?reply|do[-_.]?not[-_.]?reply|niet[-_.]?(?:be)?antwoorden|geen[-_.]?antwoord)(?:[-_.+=].*)?@.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whom an automatic answer goes to, with the name they gave themselves; `withheld`: why it does not.

    `address`: that one alone, as addresses are compared.
    """

    to: str
    address: str
    withheld: Withheld | None


@dataclass(slots=True)
class Grounds:
    """What the answers of one transaction are checked by, read once for all of them.

    `ours`: which of their addresses are our own; `free`: those that nobody else counts for until the end of
    the transaction; `by_address` and `by_ticket`: how many answers they got in the last 24 hours;
    `this_hour`: how many left within an hour, all together. Workers that answer at the same moment do not see
    each other's.
    """

    ours: frozenset[str]
    free: frozenset[str]
    by_address: Counter[str]
    by_ticket: Counter[int]
    this_hour: int = 0

    def count(self, *, address: str, ticket: Ticket) -> None:
        """Another answer is sent in this transaction."""
        self.by_address[address] += 1
        self.by_ticket[ticket.pk] += 1
        self.this_hour += 1


def read_grounds(*, articles: Collection[Article], tickets: Collection[int], now: datetime) -> Grounds:
    """What answers to these articles are checked by; five statements, none without any.

    The caller holds the locks of the tickets (by id).
    """
    if not articles:
        return Grounds(ours=frozenset(), free=frozenset(), by_address=Counter(), by_ticket=Counter())
    ours = ours_among({compared(pair[1]) for article in articles for pair in _asked_for(article)})
    addresses = {compared(recipient_of(article, ours=ours)[1]) for article in articles}
    free = _hold(addresses)  # before they are counted: then nobody else can be counting
    sent = AutoResponseSent.objects.filter(at__gt=now - DAY)
    return Grounds(
        ours=ours,
        free=free,
        by_address=_numbers(sent.filter(address__in=addresses), of="address"),
        by_ticket=_numbers(sent.filter(ticket__in=tickets), of="ticket_id"),
        this_hour=AutoResponseSent.objects.filter(at__gt=now - HOUR).count(),
    )


def check(*, article: Article, ticket: Ticket, kind: str, grounds: Grounds) -> Checked:
    """Whether this article may be answered automatically; `BusyError` if another counts for its address."""
    name, written = recipient_of(article, ours=grounds.ours)
    address = compared(written)
    withheld = next(_reasons(article, ticket=ticket, kind=kind, address=address, grounds=grounds), None)
    return Checked(to=write_address(name, written), address=address, withheld=withheld)


def recipient_of(article: Article, *, ours: Collection[str]) -> tuple[str, str]:
    """Whom an answer goes to: Reply-To or else From (OTRS 6.4); of several addresses the first.

    So a mail can't be made to rain on many. One of our own (`ours`) is passed over while there is another.
    The name and the address, as it is written; without any both are empty.
    """
    asked = _asked_for(article) or [("", "")]
    return next((pair for pair in asked if compared(pair[1]) not in ours), asked[0])


def _asked_for(article: Article) -> list[tuple[str, str]]:
    return read_addresses(article.reply_to, article.from_header)


def _reasons(
    article: Article, *, ticket: Ticket, kind: str, address: str, grounds: Grounds
) -> Iterator[Withheld]:
    """Those that hold, the surest first."""
    if article.sender_type == Article.SenderType.SYSTEM:
        yield Withheld.BOUNCE
    if article.is_automatic:
        yield Withheld.AUTOMATIC
    if article.wants_no_answer:
        yield Withheld.UNWANTED
    if not PROVES_NOTHING.isdisjoint(article.failed_checks):
        yield Withheld.UNPROVEN
    if not is_address(address):
        yield Withheld.NO_ADDRESS
    if _MACHINE.fullmatch(address):
        yield Withheld.MACHINE
    if address in grounds.ours:
        yield Withheld.OURS
    if ticket.queue.sender is None:
        yield Withheld.NO_SENDER
    if kind in FOR_NEW_TICKETS and ticket.state_type in CLOSED_TYPES:
        yield Withheld.CLOSED
    yield from _counted(address, ticket=ticket, grounds=grounds)


def _counted(address: str, *, ticket: Ticket, grounds: Grounds) -> Iterator[Withheld]:
    if address not in grounds.free:
        raise BusyError
    if grounds.by_address[address] >= settings.AUTO_RESPONSES_PER_ADDRESS:
        yield Withheld.ENOUGH_FOR_ADDRESS
    if grounds.by_ticket[ticket.pk] >= settings.AUTO_RESPONSES_PER_TICKET:
        yield Withheld.ENOUGH_IN_TICKET
    if grounds.this_hour >= settings.AUTO_RESPONSES_PER_HOUR:
        yield Withheld.ENOUGH_THIS_HOUR


def _hold(addresses: Collection[str]) -> frozenset[str]:
    """Until the transaction ends nobody else counts for these: two at once would both be the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a FROM unnest(%s) AS a WHERE pg_try_advisory_xact_lock(%s, hashtext(a))",
            [sorted(addresses), Lock.COUNT_ANSWERS_TO],
        )
        return frozenset(address for (address,) in cursor.fetchall())


def _numbers(sent: QuerySet[AutoResponseSent], *, of: str) -> Counter[Any]:
    return Counter(dict(sent.values_list(of).annotate(n=Count("pk")).order_by()))
