"""What becomes of a mail that was tried before: only an error of ours puts it into quarantine."""

from uuid import uuid4

import pytest
from django.utils import timezone

from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from mailgate.outcome import deliver_again
from mailgate.reading.read import TRIES, TRIES_WITHOUT_ERROR, groups
from mailgate.tasks import deliver_waiting
from queues.models import Queue
from tests.factories import make_inbound
from tickets.models import Ticket

MAIL = (
    b"From: k@post.example\r\nMessage-ID: <x@post.example>\r\nContent-Type: text/html\r\n\r\n"
    b"<p>Hoi</p><script>1</script>"
)


def tried(attempts: int, *, error: str = "") -> InboundMessage:
    """A mail that is claimed for that time, delivered."""
    (row,) = take_in_many([Arrival(raw=MAIL, way=InboundMessage.Way.PIPE)], lease=uuid4())
    row.attempts, row.last_error = attempts, error
    row.save(update_fields=["attempts", "last_error"])
    deliver([row])
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("attempts", [2, TRIES, TRIES + 1, TRIES_WITHOUT_ERROR])
def test_a_mail_whose_workers_were_killed_is_delivered_all_the_same(queue: Queue, attempts: int) -> None:
    assert tried(attempts).state == InboundMessage.DELIVERED
    assert Ticket.objects.get().articles.get().html == "<p>Hoi</p>"


def test_a_mail_that_failed_three_times_by_an_error_of_ours_is_quarantined_with_it(queue: Queue) -> None:
    row = tried(TRIES + 1, error="ValueError: no")
    assert (row.state, row.last_error) == (InboundMessage.QUARANTINED, "ValueError: no")


def test_a_mail_that_never_came_to_an_end_is_quarantined_at_last(queue: Queue) -> None:
    row = tried(TRIES_WITHOUT_ERROR + 1)
    assert row.state == InboundMessage.QUARANTINED
    assert row.last_error


def test_of_two_who_have_a_mail_delivered_again_one_does_and_the_other_undoes_nothing(queue: Queue) -> None:
    """Two administrators, or a double click: both have read the row before either says so."""
    row = tried(TRIES + 1, error="ValueError: no")
    also_read = InboundMessage.objects.get()
    assert deliver_again(row)
    assert not deliver_again(also_read)
    deliver_waiting()
    assert not deliver_again(also_read)
    row.refresh_from_db()
    assert (row.state, Ticket.objects.count()) == (InboundMessage.DELIVERED, 1)


def test_what_is_delivered_again_has_not_been_tried_yet(queue: Queue) -> None:
    row = tried(TRIES + 1, error="ValueError: no")
    deliver_again(row)
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")


def test_what_the_lease_was_too_short_for_counts_as_not_tried(queue: Queue) -> None:
    (row,) = take_in_many([Arrival(raw=MAIL, way=InboundMessage.Way.PIPE)], lease=uuid4())
    InboundMessage.objects.update(leased_until=timezone.now())
    deliver([row])
    row.refresh_from_db()
    assert (row.state, row.attempts) == (InboundMessage.QUEUED, 0)


def test_a_mail_under_suspicion_is_delivered_by_itself(db: None) -> None:
    rows = [make_inbound() for _mail in range(4)]
    rows[1].attempts = TRIES
    assert [[row.pk for row in group] for group in groups(rows)] == [
        [rows[0].pk, rows[2].pk, rows[3].pk],
        [rows[1].pk],
    ]
