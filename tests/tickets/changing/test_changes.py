"""What an action changes, told once and as it was."""

import pytest

from accounts.models import Agent
from tests.factories import NOW, actor
from tickets.changing.changes import Changes
from tickets.models import Priority, Ticket

pytestmark = pytest.mark.django_db


def test_a_plain_column_is_set_and_told_with_both_values(ticket: Ticket, owner: Agent) -> None:
    changes = Changes(ticket, actor=actor(owner), now=NOW)
    changes.value("priority", Priority.HIGH)
    assert changes.sides == {"priority": [{"id": 3, "label": ""}, {"id": 4, "label": ""}]}
    changes.save()
    assert Ticket.objects.get().priority == Priority.HIGH


def test_a_value_that_comes_back_to_what_it_was_is_no_change(ticket: Ticket, owner: Agent) -> None:
    changes = Changes(ticket, actor=actor(owner), now=NOW)
    for priority in (Priority.HIGH, Priority.NORMAL):
        changes.value("priority", priority)
    assert changes.sides == {}
