"""What somebody writes who does something to a ticket."""

import uuid
from typing import Any

from tests.factories import NOW


def words() -> dict[str, Any]:
    return {"submission": uuid.uuid4(), "subject": "Waarom", "html": "<p>Daarom</p>", "now": NOW}
