"""Working off events: the effect and the end of the task are one, and what fails is kept for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from mailgate.models import AutoResponseSent
from mailgate.react.events import Prepare, React, work_off
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import AutoResponse, Queue
from tests.factories import customer_mail, make_auto_response, make_queue, make_ticket
from tests.races.meeting import at_once
from tickets.kinds import AUTORESPONSE, Kind, Withheld
from tickets.models import Article, Event, EventTask, Ticket
from work.claim import claim


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
def test_the_same_event_twice_is_one_answer(queue: Queue) -> None:
    make_auto_response(queue)
    make_ticket(queue)
    autoresponse()
    EventTask.objects.create(event=Event.objects.get(kind=Kind.CREATED), consumer=AUTORESPONSE)
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    assert Article.objects.filter(sender_type="system").count() == 1
    assert not EventTask.objects.exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_go_over_the_limit(queue: Queue, settings: object) -> None:
    settings.AUTO_RESPONSES_PER_ADDRESS = 1  # type: ignore[attr-defined]  # pytest-django's own
    make_auto_response(queue)
    for _n in range(6):
        make_ticket(queue, article=customer_mail(from_header="x@post.example"))
    at_once(autoresponse, autoresponse, autoresponse)
    make_due()
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    reasons = Event.objects.filter(kind=Kind.AUTO_WITHHELD).values_list("changes__withheld__1__id", flat=True)
    assert list(reasons) == [Withheld.ENOUGH_FOR_ADDRESS] * 5
    assert not EventTask.objects.exists()


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_answer_and_end_leaves_neither(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_auto_response(queue)
    make_ticket(queue)

    def die(*_rows: object, **_values: object) -> None:
        raise SystemExit

    monkeypatch.setattr(AutoResponseSent.objects, "bulk_create", die)
    with pytest.raises(SystemExit):
        autoresponse()
    assert not OutboundMessage.objects.exists()
    monkeypatch.undo()
    EventTask.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    autoresponse()
    assert OutboundMessage.objects.count() == 1
    assert not EventTask.objects.exists()


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
def test_a_queue_has_one_text_of_a_kind_and_a_text_says_something(
    client: Client, superuser: Agent, queue: Queue
) -> None:
    make_auto_response(queue, name="Eerste")
    client.force_login(superuser)
    given = {
        "name": "Tweede",
        "kind": "new_ticket",
        "subject": "Gelezen",
        "html": "<p>Zie www.demo.org, <KVV_CUSTOMER_REALNAME></p>",
        "queues": [queue.pk],
    }
    address = reverse("admin:queues_autoresponse_add")
    page = client.post(address, given).content.decode()
    assert "Spel beantwoordt dit soort bericht al, met &#x27;Eerste&#x27;." in page
    assert "Schrijf de tekst" in client.post(address, given | {"html": "<p> </p>"}).content.decode()
    assert client.post(address, given | {"subject": ""}).status_code == 200
    assert AutoResponse.objects.count() == 1
    client.post(address, given | {"queues": [make_queue().pk]})
    made = AutoResponse.objects.get(name="Tweede")
    assert 'href="http://www.demo.org"' in made.html
    assert "&lt;KVV_CUSTOMER_REALNAME&gt;" in made.html
