"""Forms of screens as a browser sends them."""

import uuid

from django.test import Client
from django.urls import reverse

from tickets.models import Ticket


def filled_in(**changes: object) -> dict[str, object]:
    """A form as a browser sends it; each screen takes what it knows."""
    values: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "rich": "1",
        "html": "<p>Al <b>beantwoord</b>.</p>",
        "subject": "Kort",
        "state": "",
        "new_owner": "",
        "time_units": "",
    }
    return values | changes


def post(desk: Client, name: str, ticket: Ticket, form: dict[str, object]) -> int:
    return desk.post(reverse(f"desk:{name}", args=[ticket.number]), form).status_code
