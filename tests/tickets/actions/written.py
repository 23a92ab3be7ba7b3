"""What somebody writes who does something to a ticket."""

import uuid
from typing import Any

from tests.factories import NOW
from tickets.changing.written import Written


def words(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"submission": uuid.uuid4(), "subject": "Waarom", "html": "<p>Daarom</p>"}
    note = Written(**(said | changes))
    return {"note": note, "now": NOW}
