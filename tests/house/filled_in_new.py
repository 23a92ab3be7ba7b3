"""What the tables say of the screens that make a ticket, each of which asks much the same."""

from queues.models import Queue
from tests.factories import make_customer
from tests.house.matrix import SIGN_IN, Row
from tickets.models import Priority, Ticket
from tickets.states import state_by_key

Values = dict[str, object]

NEW_TICKET = frozenset(
    {
        *("customer", "customer_id", "customer_for", "queue", "new_owner"),
        *("state", "pending_until", "priority", "template"),
    }
)
"""What every form asks that makes a ticket, beside what is written."""
CREATORS = Row(SIGN_IN, 200, 403, 200, 200)
CREATED = Row(SIGN_IN, 422, 403, 422, 422)
"""Of a form that makes a ticket, and of one with nothing in it: the stranger makes theirs elsewhere."""


def new_ticket(ticket: Ticket, target: Queue) -> Values:
    """Of somebody who has come for this."""
    return {
        "customer": str(make_customer().addresses.get()),
        "customer_id": "",
        "customer_for": "",
        "queue": ticket.queue_id,
        "new_owner": "",
        "state": state_by_key("open").pk,
        "pending_until": "",
        "priority": Priority.NORMAL.value,
    }


def new_mail(ticket: Ticket, target: Queue) -> Values:
    """To the same, and a copy."""
    return new_ticket(ticket, target) | {"cc": "Mede Lezer <mede@post.example>", "bcc": ""}
