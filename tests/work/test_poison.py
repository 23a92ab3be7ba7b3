"""A row that kills its worker, each time, in real processes: what was claimed with it comes to its end."""

from datetime import timedelta
from signal import SIGKILL

import pytest
from django.utils import timezone

from accounts.models import Agent
from blobs.models import Blob
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from outbox.send import ATTEMPTS_MOST
from queues.models import Queue
from search.export_work import work_off as work_off_exports
from search.models import Export
from tests.factories import make_inbound, make_ticket
from tests.outbox.mailserver import queued
from tests.races.meeting import at_once
from tests.search.exported import asked_for, excel_rows
from tests.smtp_server import Server
from tests.tickets.bulks import asked
from tests.work.poisoned import work_off_alone
from tickets.bulk_work import work_off
from tickets.models import BulkTicket, EventTask, Priority
from work.rows import WorkRow

pytestmark = [pytest.mark.committed, pytest.mark.django_db(transaction=True)]

ROWS, POISON = 5, 1  # which of them; the others stand before and behind it
DEAD_MOST = 10


def after_a_lease(model: type[WorkRow], kind: str, *, poison: int) -> int:
    """Let the leases run out, and start workers until one survives; gives how many did not."""
    past = timezone.now() - timedelta(seconds=1)
    model._default_manager.filter(state=WorkRow.CLAIMED).update(leased_until=past)
    for dead in range(DEAD_MOST):
        if (ended := work_off_alone(kind, poison)) == 0:
            return dead
        assert ended == -SIGKILL
    raise AssertionError("none survived")


@pytest.mark.usefixtures("nobody_is_told")
def test_an_event_that_kills_its_worker_fails_and_takes_no_other_along(queue: Queue) -> None:
    for _n in range(ROWS):
        make_ticket(queue)
    poison = EventTask.objects.order_by("pk")[POISON]
    assert [after_a_lease(EventTask, "events", poison=poison.event_id) for _lease in range(5)] == [
        1,
        1,
        1,
        1,
        0,
    ]
    task = EventTask.objects.get()
    assert (task, task.state) == (poison, WorkRow.FAILED)
    assert task.last_error == "Its worker stopped three times."


def test_a_bulk_action_whose_worker_is_killed_goes_on_and_does_nothing_twice(
    queue: Queue, owner: Agent
) -> None:
    tickets = [make_ticket(queue) for _n in range(ROWS)]
    bulk = asked(owner, tickets, priority=Priority.HIGH)
    poison = tickets[POISON]
    assert after_a_lease(BulkTicket, "bulks", poison=poison.pk) == 1
    poison.refresh_from_db()
    assert (poison.priority, poison.events.count()) == (Priority.NORMAL, 1)
    BulkTicket.objects.filter(state=WorkRow.CLAIMED).update(leased_until=timezone.now())
    work_off()
    assert set(bulk.rows.values_list("state", flat=True)) == {BulkTicket.DONE}
    assert [(ticket.events.count(), ticket.articles.count()) for ticket in tickets] == [(2, 2)] * ROWS


def test_an_export_whose_worker_is_killed_begins_again_and_is_there_once(queue: Queue, owner: Agent) -> None:
    ticket, export = make_ticket(queue), asked_for(owner)
    before = Blob.objects.count()
    assert after_a_lease(Export, "exports", poison=export.pk) == 1
    export.refresh_from_db()
    assert (export.state, export.written, Blob.objects.count()) == (WorkRow.CLAIMED, 1, before)
    assert work_off_exports() == 0
    Export.objects.update(leased_until=timezone.now())
    assert at_once(work_off_exports, work_off_exports, work_off_exports)
    export.refresh_from_db()
    assert (export.state, export.attempts, Blob.objects.count()) == (Export.DONE, 2, before + 1)
    assert [row[0] for row in excel_rows(export)[1:]] == [ticket.number]


def test_a_mail_that_kills_the_sender_keeps_no_other_from_leaving(server: Server) -> None:
    mails = [queued(key=str(n), mime=b"Subject: %d\r\n\r\n" % n) for n in range(ROWS)]
    poison = mails[POISON]
    assert [after_a_lease(OutboundMessage, "outbox", poison=poison.mime_id) for _lease in range(2)] == [1, 1]
    assert len(server.taken) == ROWS - 1
    sent = OutboundMessage.objects.filter(state=OutboundMessage.SENT)
    assert set(sent.values_list("attempts", flat=True)) == {1}
    OutboundMessage.objects.filter(pk=poison.pk).update(attempts=ATTEMPTS_MOST)
    assert after_a_lease(OutboundMessage, "outbox", poison=poison.mime_id) == 0
    poison.refresh_from_db()
    assert (poison.state, poison.last_error) == (WorkRow.FAILED, "Each time its worker stopped.")


def test_a_mail_that_kills_the_mail_gate_keeps_no_other_out(queue: Queue) -> None:
    rows = [make_inbound() for _n in range(ROWS)]
    poison = rows[POISON]
    assert [after_a_lease(InboundMessage, "inbound", poison=poison.pk) for _lease in range(2)] == [1, 1]
    delivered = InboundMessage.objects.filter(state=InboundMessage.DELIVERED)
    assert list(delivered.values_list("attempts", flat=True)) == [1] * (ROWS - 1)
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (InboundMessage.CLAIMED, 1)
