"""What somebody writes who does something to a ticket."""

import uuid
from typing import Any

from tests.factories import NOW
from tickets.changing.written import Written


def words() -> dict[str, Any]:
    note = Written(submission=uuid.uuid4(), subject="Waarom", html="<p>Daarom</p>")
    return {"note": note, "now": NOW}
