"""A big export: memory stays flat, however many tickets there are."""

from datetime import timedelta

import pytest

from accounts.models import Agent
from queues.models import Queue
from search.models import Export
from tests.factories import NOW, make_customer
from tests.search.export_alone import export_alone
from tests.search.exported import paper_rows
from tickets.models import Priority, Ticket
from tickets.states import state_by_key

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

MANY, FEW, GROWN_MOST_MB = 6_000, 300, 8


def test_thousands_of_tickets_are_exported_in_flat_memory(queue: Queue, owner: Agent) -> None:
    state, customer = state_by_key("open"), make_customer()
    Ticket.objects.bulk_create(
        Ticket(
            number=f"{n:016}",
            title=f"{n} " + "Mag een groep zonder vergunning een kampvuur maken? " * 4,
            queue=queue,
            state=state,
            state_type=state.type,
            priority=Priority.VERY_HIGH if n < FEW else Priority.NORMAL,
            customer=customer,
            created=NOW + timedelta(seconds=n),
            sender_name="Karin Klant van de groep Zandhorst",
        )
        for n in range(MANY)
    )
    rows, grown = export_alone(owner.pk)
    assert rows == MANY
    assert grown < GROWN_MOST_MB
    paper = Export.objects.filter(kind=Export.Kind.PRINT).latest("pk")
    assert [row[0] for row in paper_rows(paper)[1:]] == [f"{n:016}" for n in range(MANY)][::-1]
