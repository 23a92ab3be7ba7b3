"""Which customers an agent finds, as keys in the order of an index: none is asked for their tickets.

Who sees a queue finds whoever has a ticket in it by each of their words (`CustomerQueue`); a superuser finds
all. Each customer has the word '', too, so that those of a queue stand together in the order of their making.
Of several words of a customer that begin as was typed only the first one counts, so that each comes once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.models import Organisation
from tickets.actor import Actor
from tickets.queries.which import Value

Key = tuple[str, int]
"""The word by which a customer was found, and their id."""

COUNTED_MOST = 2_000
"""Of several typed words the rarest is looked up; beyond so many customers all words are equal."""
LOOKED_AT_MOST = 500
"""And of those that it finds in a queue so many are asked for the other words."""
NAMED_MOST = 100
"""So many organisations of a name are asked whether the agent finds a customer of theirs."""
HIGHEST = "\U0010ffff"

FROM_EACH_QUEUE = """
SELECT DISTINCT hits.word, hits.customer_id FROM unnest(%(queues)s::bigint[]) AS wanted (queue_id)
CROSS JOIN LATERAL (
    (SELECT word, customer_id FROM (
        SELECT word, customer_id FROM tickets_customerqueue AS kept
        WHERE queue_id = wanted.queue_id AND word >= %(word)s AND word < %(end)s
        AND {behind} AND {kept_first} AND n + coalesce((
            SELECT sum(delta.n) FROM tickets_customerqueuedelta AS delta
            WHERE delta.queue_id = kept.queue_id AND delta.word = kept.word
            AND delta.customer_id = kept.customer_id
        ), 0) > 0
        ORDER BY word {way}, customer_id {way} LIMIT %(looked_at)s
    ) AS found WHERE {others} ORDER BY word {way}, customer_id {way} LIMIT %(limit)s)
    UNION ALL
    (SELECT word, customer_id FROM (
        SELECT word, customer_id FROM tickets_customerqueuedelta AS delta
        WHERE queue_id = wanted.queue_id AND word >= %(word)s AND word < %(end)s
        AND {behind} AND {delta_first}
        GROUP BY queue_id, word, customer_id HAVING sum(n) + coalesce((
            SELECT kept.n FROM tickets_customerqueue AS kept
            WHERE kept.queue_id = delta.queue_id AND kept.word = delta.word
            AND kept.customer_id = delta.customer_id
        ), 0) > 0
        ORDER BY word {way}, customer_id {way} LIMIT %(looked_at)s
    ) AS found WHERE {others} ORDER BY word {way}, customer_id {way} LIMIT %(limit)s)
) AS hits
ORDER BY hits.word {way}, hits.customer_id {way} LIMIT %(limit)s
"""
FROM_ALL = """
SELECT word, customer_id FROM (
    SELECT word, customer_id FROM accounts_customerword AS kept
    WHERE word >= %(word)s AND word < %(end)s AND {behind} AND {kept_first}
    ORDER BY word {way}, customer_id {way} LIMIT %(looked_at)s
) AS found WHERE {others} ORDER BY word {way}, customer_id {way} LIMIT %(limit)s
"""
FROM_ORGANISATION = """
SELECT word, customer_id FROM (
    SELECT '' AS word, id AS customer_id FROM accounts_customer WHERE organisation_id = %(organisation)s
) AS found WHERE {behind} AND {others} AND {visible}
ORDER BY word {way}, customer_id {way} LIMIT %(limit)s
"""
IS_VISIBLE = """EXISTS (
    SELECT FROM unnest(%(queues)s::bigint[]) AS wanted (queue_id) WHERE coalesce((
        SELECT n FROM tickets_customerqueue AS kept
        WHERE kept.queue_id = wanted.queue_id AND kept.word = '' AND kept.customer_id = found.customer_id
    ), 0) + coalesce((
        SELECT sum(n) FROM tickets_customerqueuedelta AS delta
        WHERE delta.queue_id = wanted.queue_id AND delta.word = '' AND delta.customer_id = found.customer_id
    ), 0) > 0
)"""
ORGANISATIONS = """
SELECT named.id FROM (
    SELECT id, name FROM accounts_organisation WHERE position(accounts_fold(%(typed)s) IN folded) > 0
    ORDER BY name, id LIMIT %(looked_at)s
) AS named
WHERE EXISTS (
    SELECT FROM (SELECT id AS customer_id, organisation_id FROM accounts_customer) AS found
    WHERE found.organisation_id = named.id AND {visible} OFFSET 0
)
ORDER BY named.name, named.id LIMIT %(limit)s
"""
IS_FIRST = """NOT EXISTS (
    SELECT FROM accounts_customerword AS earlier WHERE earlier.customer_id = {row}.customer_id
    AND earlier.word >= %(word)s AND earlier.word < {row}.word OFFSET 0
)"""
HAS_TOO = """(
    SELECT true FROM accounts_customerword AS other WHERE other.customer_id = found.customer_id
    AND other.word >= %({low})s AND other.word < %({high})s LIMIT 1
)"""
HOW_MANY = """(SELECT count(*) FROM (
    SELECT FROM accounts_customerword WHERE word >= %s AND word < %s LIMIT %s
) AS few)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichCustomers:
    """Customers whose words begin with each of these, all without any, and perhaps of one organisation."""

    words: Sequence[str] = ()
    organisation: int | None = None


def keys_of(
    which: WhichCustomers, *, actor: Actor, limit: int, behind: Key | None = None, descending: bool = False
) -> list[Key]:
    """The first of them, or those that come after `behind`; one statement, two for several words."""
    rarest = _rarest(which.words)
    values: dict[str, Value] = {
        "word": rarest,
        "end": rarest + HIGHEST if rarest else "\x01",
        "limit": limit,
        "looked_at": LOOKED_AT_MOST if len(which.words) > 1 else limit,
        "queues": sorted(actor.agent_rights.visible),
    }
    shape, others, conditions = FROM_ALL if sees_all(actor) else FROM_EACH_QUEUE, list(which.words), []
    if which.organisation is not None:
        values["organisation"] = which.organisation
        shape = FROM_ORGANISATION
    elif rarest:
        others.remove(rarest)
    for n, word in enumerate(others):
        values |= {f"low{n}": word, f"high{n}": word + HIGHEST}
        conditions.append(HAS_TOO.format(low=f"low{n}", high=f"high{n}"))
    after = "true"
    if behind is not None:
        after = f"(word, customer_id) {'<' if descending else '>'} (%(behind)s, %(behind_id)s)"
        values |= {"behind": behind[0], "behind_id": behind[1]}
    statement = shape.format(
        behind=after,
        kept_first=IS_FIRST.format(row="kept") if rarest else "true",
        delta_first=IS_FIRST.format(row="delta") if rarest else "true",
        others=" AND ".join(conditions) or "true",
        visible="true" if sees_all(actor) else IS_VISIBLE,
        way="DESC" if descending else "ASC",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(str(word), int(customer_id)) for word, customer_id in cursor.fetchall()]


def organisations_named(typed: str, *, actor: Actor, limit: int) -> list[Organisation]:
    """Those whose name or code has this in it, and a customer whom the agent finds; two statements.

    Of the first hundred of the name, and only until there are enough: asking is dear.
    """
    visible = "true" if sees_all(actor) else IS_VISIBLE
    queues = sorted(actor.agent_rights.visible)
    values: dict[str, Value] = {"typed": typed, "limit": limit, "queues": queues, "looked_at": NAMED_MOST}
    with connection.cursor() as cursor:
        cursor.execute(ORGANISATIONS.format(visible=visible), values)
        ids = [int(organisation) for (organisation,) in cursor.fetchall()]
    return list(Organisation.objects.filter(pk__in=ids)) if ids else []


def find_organisation(organisation_id: int, *, actor: Actor) -> Organisation:
    """The organisation; raises `Organisation.DoesNotExist` unless the agent finds a customer of it."""
    if not keys_of(WhichCustomers(organisation=organisation_id), actor=actor, limit=1):
        raise Organisation.DoesNotExist
    return Organisation.objects.get(pk=organisation_id)


def codes_in(typed: str) -> set[str]:
    """What was typed, as a customer code may be written; nothing if nothing was."""
    code = typed.strip()
    return {code, code.lower(), code.upper()} - {""}


def sees_all(actor: Actor) -> bool:
    """Whether every customer is there for this one, also who never asked anything."""
    return actor.agent is not None and actor.agent.is_superuser


def _rarest(words: Sequence[str]) -> str:
    """The word that the fewest are found by; of those that many are, the longest; '' of none."""
    if len(words) < 2:
        return "".join(words)
    values = [value for word in words for value in (word, word + HIGHEST, COUNTED_MOST)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([HOW_MANY] * len(words))}", values)
        counts = cursor.fetchone()
    return min(zip(counts, (-len(word) for word in words), words, strict=True))[2]
