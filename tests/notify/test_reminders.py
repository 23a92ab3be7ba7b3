"""A reminder is mailed in the working time of its ticket's queue, and nothing of it is lost until then."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Agent
from notify.models import Notification
from notify.tasks import decide, send
from queues.models import Calendar
from tests.factories import actor
from tests.notify.telling import states, subjects_to
from tests.notify.test_decide import note, own, tell
from tickets.actions.close import close_ticket
from tickets.actions.note import add_note
from tickets.kinds import EventKind
from tickets.models import EventTask, Ticket
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}


@pytest.fixture
def saturday() -> datetime:
    """The next one, noon: the database's clock is never in front of it."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=7 + (5 - noon.weekday()) % 7)


@pytest.fixture
def reminded(ticket: Ticket, owner: Agent, saturday: datetime) -> Ticket:
    """The owner's, in a queue that works in office hours; on Saturday its date comes, and is told once."""
    ticket.queue.calendar = Calendar.objects.create(name="Kantoor", hours=OFFICE)
    ticket.queue.save()
    ticket = own(ticket, owner)
    with time_machine.travel(saturday, tick=False):
        for _twice in range(2):
            tell(ticket, EventKind.REMINDED)
            happens()
    return ticket


def happens() -> None:
    EventTask.objects.update(not_before=timezone.now())
    decide()
    send()


def test_a_reminder_waits_for_working_time_alone_and_is_not_too_late_then(
    reminded: Ticket, owner: Agent, colleague: Agent, saturday: datetime
) -> None:
    with time_machine.travel(saturday + 2 * HOUR, tick=False) as clock:
        add_note(actor=actor(colleague), ticket=reminded, note=note(), now=timezone.now())
        happens()
        assert ["Nieuwe notitie" in subject for subject in subjects_to(owner)] == [True]
        for later, mails in ((24 * HOUR, 1), (45 * HOUR - timedelta(seconds=1), 1), (45 * HOUR, 2)):
            clock.move_to(saturday + later)
            send()
            assert len(subjects_to(owner)) == mails
    assert "Herinnering" in subjects_to(owner)[1]
    assert set(states()) == {Notification.SENT}


def test_one_that_was_not_sent_in_working_time_waits_for_the_next_and_is_of_no_use_once_it_is_closed(
    reminded: Ticket, owner: Agent, saturday: datetime
) -> None:
    closed = state_by_key("closed_successful")
    with time_machine.travel(saturday + 53.5 * HOUR, tick=False):
        Notification.objects.update(created=timezone.now() - HOUR)
        send()
        assert subjects_to(owner) == []
        close_ticket(actor=actor(owner), ticket=reminded, state=closed, note=note(), now=timezone.now())
    with time_machine.travel(saturday + 69 * HOUR, tick=False):
        send()
    assert (states(), subjects_to(owner)) == ([Notification.CANCELLED], [])
