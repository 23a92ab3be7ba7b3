"""Who finds whom: an agent a customer who has a ticket that they may see, or whose full address or code they
typed; a superuser every customer.

Each typed word is the beginning of one of the customer's: of their name, an address or their code. The first
ones come out of the index of each queue, in its own order; nothing is asked of each hit's tickets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.customers import customer_with
from accounts.models import Customer, CustomerAddress
from accounts.words import typed_words
from outbox.addresses import addresses_in, compared, is_address, read_addresses
from queues.ours import ours_among
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.models import Ticket
from tickets.queries.which import Value

FOUND_MOST, TYPED_MOST = 10, 200
TWICE = 3
"""A customer is found by several words that begin alike, as a name and an address: so many rows are read."""
COUNTED_MOST = 2_000
"""Of several typed words the rarest is looked up; beyond so many customers all words are equal."""
LOOKED_AT_MOST = 500
"""And of those that it finds in a queue so many are asked for the other words."""
HIGHEST = "\U0010ffff"

FROM_EACH_QUEUE = """
SELECT hits.word, hits.customer_id FROM unnest(%(queues)s::bigint[]) AS wanted (queue_id)
CROSS JOIN LATERAL (
    (SELECT word, customer_id FROM (
        SELECT word, customer_id FROM tickets_customerqueue AS kept
        WHERE queue_id = wanted.queue_id AND word >= %(word)s AND word < %(end)s
        AND n + coalesce((
            SELECT sum(delta.n) FROM tickets_customerqueuedelta AS delta
            WHERE delta.queue_id = kept.queue_id AND delta.word = kept.word
            AND delta.customer_id = kept.customer_id
        ), 0) > 0
        ORDER BY word, customer_id LIMIT %(looked_at)s
    ) AS found WHERE {others} ORDER BY word, customer_id LIMIT %(limit)s)
    UNION
    (SELECT word, customer_id FROM (
        SELECT word, customer_id FROM tickets_customerqueuedelta AS delta
        WHERE queue_id = wanted.queue_id AND word >= %(word)s AND word < %(end)s
        GROUP BY queue_id, word, customer_id HAVING sum(n) + coalesce((
            SELECT kept.n FROM tickets_customerqueue AS kept
            WHERE kept.queue_id = delta.queue_id AND kept.word = delta.word
            AND kept.customer_id = delta.customer_id
        ), 0) > 0
        ORDER BY word, customer_id LIMIT %(looked_at)s
    ) AS found WHERE {others} ORDER BY word, customer_id LIMIT %(limit)s)
) AS hits
ORDER BY hits.word, hits.customer_id LIMIT %(limit)s
"""
FROM_ALL = """
SELECT word, customer_id FROM (
    SELECT word, customer_id FROM accounts_customerword
    WHERE word >= %(word)s AND word < %(end)s ORDER BY word, customer_id LIMIT %(looked_at)s
) AS found WHERE {others} ORDER BY word, customer_id LIMIT %(limit)s
"""
HAS_TOO = """(
    SELECT true FROM accounts_customerword AS other WHERE other.customer_id = found.customer_id
    AND other.word >= %({low})s AND other.word < %({high})s LIMIT 1
)"""
HOW_MANY = """(SELECT count(*) FROM (
    SELECT FROM accounts_customerword WHERE word >= %s AND word < %s LIMIT %s
) AS few)"""


def find_customers(*, actor: Actor, typed: str) -> list[Customer]:
    """At most ten customers, with their organisation and addresses: first who was named in full.

    Three statements, one more where several words were typed, none for nothing.
    """
    typed = typed[:TYPED_MOST].replace("\0", "")
    words = typed_words(typed)
    if not words:
        return []
    ids = [*_named_in_full(typed), *_by_words(words, actor=actor)]
    wanted = list(dict.fromkeys(ids))[:FOUND_MOST]
    found = Customer.objects.select_related("organisation").prefetch_related("addresses").in_bulk(wanted)
    return [found[customer_id] for customer_id in wanted if customer_id in found]


def _named_in_full(typed: str) -> list[int]:
    """Whose whole address or code this is: who knows it need not be told."""
    owners = CustomerAddress.objects.filter(address=typed.strip().lower()).values("customer")
    rows = Customer.objects.filter(Q(pk__in=owners) | Q(code__in=_codes(typed))).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:FOUND_MOST])


def _codes(typed: str) -> set[str]:
    """What was typed, as a code may be written."""
    code = typed.strip()
    return {code, code.lower(), code.upper()} - {""}


def _by_words(words: Sequence[str], *, actor: Actor) -> list[int]:
    rarest = _rarest(words) if len(words) > 1 else words[0]
    values: dict[str, Value] = {
        "word": rarest,
        "end": rarest + HIGHEST,
        "limit": FOUND_MOST * TWICE,
        "looked_at": LOOKED_AT_MOST if len(words) > 1 else FOUND_MOST * TWICE,
        "queues": sorted(actor.agent_rights.visible),
    }
    conditions = []
    for n, word in enumerate(other for other in words if other != rarest):
        values |= {f"low{n}": word, f"high{n}": word + HIGHEST}
        conditions.append(HAS_TOO.format(low=f"low{n}", high=f"high{n}"))
    sees_all = actor.agent is not None and actor.agent.is_superuser
    statement = (FROM_ALL if sees_all else FROM_EACH_QUEUE).format(others=" AND ".join(conditions) or "true")
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [int(customer_id) for _word, customer_id in cursor.fetchall()]


def _rarest(words: Sequence[str]) -> str:
    """The word that the fewest are found by; of those that many are, the longest."""
    values = [value for word in words for value in (word, word + HIGHEST, COUNTED_MOST)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([HOW_MANY] * len(words))}", values)
        counts = cursor.fetchone()
    return min(zip(counts, (-len(word) for word in words), words, strict=True))[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """Somebody whom nobody knows yet; kept when what they are needed for is done."""

    name: str = ""
    address: str = ""

    def keep(self) -> Customer:
        """The customer, made now, or whose address it has become meanwhile."""
        return customer_with(self.address, name=self.name)


def customer_meant(*, actor: Actor, typed: str, chosen: int | None) -> Customer | NewCustomer | None:
    """Whom somebody means who typed this, and chose the customer with that id: None where they must choose.

    An address says who it is, be it that of a new customer, and so does a whole code that only one has.
    Raises `BadInput` for an address of our own.
    """
    if chosen is not None:
        return _may_choose(chosen, typed=typed, actor=actor)
    pairs = read_addresses(typed)
    if len(pairs) == 1 and is_address(pairs[0][1]):
        (name, address), compare = pairs[0], compared(pairs[0][1])
        known = Customer.objects.filter(addresses__address=compare).first()
        if known is None and ours_among({compare}):
            sentence = _("%(address)s is an address of our own. Give that of the customer.")
            raise BadInput("customer", sentence % {"address": address})
        return known or NewCustomer(name=name, address=compare)
    named = _named_in_full(typed) if typed.strip() else []
    return Customer.objects.get(pk=named[0]) if len(named) == 1 else None


def _may_choose(customer_id: int, *, typed: str, actor: Actor) -> Customer | None:
    """The customer, if this agent finds them: by a ticket, by a whole address or code, or as superuser."""
    if actor.agent is not None and actor.agent.is_superuser:
        return Customer.objects.filter(pk=customer_id).first()
    by_ticket = Exists(Ticket.objects.visible_to(actor.agent_rights).filter(customer=OuterRef("pk")))
    owners = CustomerAddress.objects.filter(address__in=addresses_in(typed)).values("customer")
    may = by_ticket | Q(pk__in=owners) | Q(code__in=_codes(typed))
    return Customer.objects.filter(may, pk=customer_id).first()
