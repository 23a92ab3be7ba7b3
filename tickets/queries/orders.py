"""The orders a list can be shown in: what it is sorted by, as SQL whose texts are constants of this file."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort a list: its SQL expression, the SQL type of its key, and which end comes first."""

    expression: str
    type: str
    descending: bool = False
    join: str = ""

    def reversed(self) -> "Order":
        """This order, begun from its other end."""
        return replace(self, descending=not self.descending)


ACCENTS = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ", "aaaaaaceeeeiiiinoooooouuuuyy"


def _words(expression: str) -> str:
    """Text as people look for it in a list: without case, é beside e, and nothing before everything.

    Most texts are ASCII, and spared the accents, which take longer than all the rest.
    """
    text = f"coalesce({expression}, '')"
    return f"""CASE WHEN octet_length({text}) = length({text}) THEN lower({text})
        ELSE translate(lower({text}), '{ACCENTS[0]}', '{ACCENTS[1]}') END"""


OPEN_ORDERS = {
    "age": Order("t.created", "timestamptz"),
    "number": Order("t.number", "text"),
    "sender": Order(_words("t.sender_name"), "text"),
    "title": Order(_words("t.title"), "text"),
    "state": Order("t.state_id", "bigint"),
    "lock": Order("t.locked", "boolean", descending=True),
    "queue": Order(_words("q.name"), "text", join="JOIN queues_queue q ON q.id = t.queue_id"),
    "owner": Order(
        _words("nullif(trim(a.first_name || ' ' || a.last_name), ''), a.username"),
        "text",
        join="LEFT JOIN accounts_agent a ON a.id = t.owner_id",
    ),
    "customer": Order(
        _words("nullif(c.code, ''), trim(c.first_name || ' ' || c.last_name)"),
        "text",
        join="LEFT JOIN accounts_customer c ON c.id = t.customer_id",
    ),
    "priority": Order("t.priority", "integer", descending=True),
    "contact": Order("coalesce(t.last_contact, t.created)", "timestamptz", descending=True),
}
REMINDER_ORDERS = {"pending": Order("t.pending_until", "timestamptz", descending=True), **OPEN_ORDERS}
TERM_ORDERS = {"term": Order("t.escalates_at", "timestamptz"), **OPEN_ORDERS}
CLOSED_ORDERS = {
    "closed": Order("t.closed_at", "timestamptz", descending=True),
    "number": Order("t.number", "text", descending=True),
}
