"""Working off events: the effect and the end of the task are one, and what fails is kept for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

import pytest
from django.contrib import messages
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import tickets.admin
from accounts.models import Agent
from mailgate.models import AutoResponseSent
from mailgate.tasks import autoresponse
from queues.models import Queue
from tests.factories import make_ticket
from tickets.kinds import AUTORESPONSE
from tickets.models import Event, EventTask, Ticket
from tickets.reactions import Prepare, React, work_off
from work.claim import claim, try_again

pytestmark = pytest.mark.usefixtures("nobody_is_told")


def alone(react: React) -> Prepare:
    """What needs nothing to be read for the whole batch."""
    return lambda _events: nullcontext(react)


def make_due() -> None:
    EventTask.objects.filter(state=EventTask.QUEUED).update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_what_fails_three_times_is_kept_with_the_reason_and_leaves_nothing(ticket: Ticket) -> None:
    def half_done(event: Event) -> None:
        AutoResponseSent.objects.create(event=event, ticket=ticket, address="x", at=timezone.now())
        raise ValueError("broken\0text")

    for attempt in (1, 2, 3):
        assert work_off(AUTORESPONSE, prepare=alone(half_done)) == 1
        task = EventTask.objects.get()
        assert task.attempts == attempt
        assert not AutoResponseSent.objects.exists()
        make_due()
    assert (task.state, task.last_error) == (EventTask.FAILED, "ValueError: brokentext")
    assert work_off(AUTORESPONSE, prepare=alone(half_done)) == 0


@pytest.mark.django_db
def test_what_stops_its_worker_three_times_is_kept_and_not_tried_again(ticket: Ticket) -> None:
    for _worker in range(3):
        claim(EventTask, limit=5, lease=timedelta(0), now=timezone.now())
    acted: list[Event] = []
    work_off(AUTORESPONSE, prepare=alone(acted.append))
    assert acted == []
    task = EventTask.objects.get()
    assert (task.state, task.last_error) == (EventTask.FAILED, "Its worker stopped three times.")


@pytest.mark.django_db
def test_one_that_fails_does_not_keep_the_others_from_their_turn(queue: Queue, ticket: Ticket) -> None:
    other = make_ticket(queue)

    def choosy(event: Event) -> None:
        if event.ticket_id == ticket.pk:
            raise ValueError("not this one")

    assert work_off(AUTORESPONSE, prepare=alone(choosy)) == 2
    assert [task.event.ticket for task in EventTask.objects.all()] == [ticket]
    assert other.events.count() == 1


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_costs_no_attempt(ticket: Ticket, queue: Queue) -> None:
    make_ticket(queue)

    def gone(event: Event) -> None:
        raise OperationalError("terminating connection")

    with pytest.raises(OperationalError):
        work_off(AUTORESPONSE, prepare=alone(gone))
    assert list(EventTask.objects.values_list("state", "attempts")) == [(EventTask.QUEUED, 0)] * 2


@pytest.mark.django_db
def test_another_consumers_events_are_left_alone(ticket: Ticket) -> None:
    EventTask.objects.update(consumer="notification")
    assert autoresponse() == 0
    assert EventTask.objects.get().state == EventTask.QUEUED


@pytest.mark.django_db
def test_who_lost_the_lease_does_nothing(ticket: Ticket) -> None:
    acted: list[Event] = []
    make_ticket(ticket.queue)
    EventTask.objects.update(attempts=1)

    def slow(event: Event) -> None:
        later = timezone.now() + timedelta(hours=1)
        while claim(EventTask, limit=5, lease=timedelta(minutes=5), now=later):
            pass
        acted.append(event)

    work_off(AUTORESPONSE, prepare=alone(slow))
    assert len(acted) == 1
    assert EventTask.objects.count() == 1


@pytest.mark.django_db
def test_what_breaks_the_batch_as_a_whole_is_done_one_by_one(ticket: Ticket, queue: Queue) -> None:
    for _n in range(2):
        make_ticket(queue)

    @contextmanager
    def brittle(events: Sequence[Event]) -> Iterator[React]:
        yield lambda _event: None
        if any(event.ticket_id == ticket.pk for event in events):
            raise ValueError("not with this one")

    work_off(AUTORESPONSE, prepare=brittle)
    task = EventTask.objects.get()
    assert (task.event.ticket, task.last_error) == (ticket, "ValueError: not with this one")


@pytest.mark.django_db
@pytest.mark.usefixtures("foreign_templates")
def test_a_failed_one_is_tried_again_from_the_admin(client: Client, superuser: Agent, ticket: Ticket) -> None:
    EventTask.objects.update(state=EventTask.FAILED, attempts=3, last_error="ValueError: broken")
    client.force_login(superuser)
    address = reverse("admin:tickets_eventtask_changelist")
    assert "ValueError: broken" in client.get(address).content.decode()
    task = EventTask.objects.get()
    client.post(address, {"action": "again", "_selected_action": [task.pk]})
    task.refresh_from_db()
    assert (task.state, task.attempts) == (EventTask.QUEUED, 0)
    assert client.post(reverse("admin:tickets_eventtask_delete", args=[task.pk])).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("foreign_templates")
def test_one_of_a_newer_version_is_queued_for_it(client: Client, superuser: Agent, ticket: Ticket) -> None:
    EventTask.objects.update(state=EventTask.FAILED, consumer="of_a_newer_version")
    client.force_login(superuser)
    picked = {"action": "again", "_selected_action": [EventTask.objects.get().pk]}
    assert client.post(reverse("admin:tickets_eventtask_changelist"), picked).status_code == 302
    assert EventTask.objects.get().state == EventTask.QUEUED


@pytest.mark.django_db
@pytest.mark.usefixtures("foreign_templates")
def test_one_that_somebody_else_had_tried_and_that_is_done_by_now_is_no_fault(
    client: Client, superuser: Agent, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(task: EventTask, *, now: datetime) -> bool:
        EventTask.objects.all().delete()
        return try_again(task, now=now)

    monkeypatch.setattr(tickets.admin, "try_again", too_late)
    EventTask.objects.update(state=EventTask.FAILED, attempts=3)
    client.force_login(superuser)
    address = reverse("admin:tickets_eventtask_changelist")
    picked = {"action": "again", "_selected_action": [EventTask.objects.get().pk]}
    page = client.post(address, picked, follow=True)
    assert [message.level for message in page.context["messages"]] == [messages.WARNING]
