"""The admin changes what a queue promises: its terms get a new version, and nothing else gives them one."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Calendar, Queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


@pytest.fixture
def desk(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def save(desk: Client, row: Queue | Calendar, **changes: object) -> None:
    """Send the form as the admin shows it, with these changes."""
    address = reverse(f"admin:queues_{row._meta.model_name}_change", args=[row.pk])
    page = desk.get(address)
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields} | changes
    inlines = {
        f"{inline.formset.prefix}-{name}_FORMS": 0
        for inline in page.context["inline_admin_formsets"]
        for name in ("TOTAL", "INITIAL")
    }
    sent = {
        name: value for name, value in (shown | inlines).items() if value is not None and value is not False
    }
    assert desk.post(address, sent).status_code == 302


def version(queue: Queue) -> int:
    return Queue.objects.get(pk=queue.pk).terms_version


@pytest.mark.parametrize(
    "changes",
    [
        {"first_response_minutes": 60},
        {"update_minutes": 60},
        {"solution_minutes": 60},
        {"notify_percent": 50},
        {"update_only_while_waiting": False},
        {"solution_restarts_on_reopen": False},
    ],
)
def test_each_change_of_a_queues_terms_counts(desk: Client, queue: Queue, changes: dict[str, object]) -> None:
    save(desk, queue, **changes)

    assert version(queue) == 1


def test_another_calendar_counts(desk: Client, queue: Queue) -> None:
    save(desk, queue, calendar=Calendar.objects.create(name="Kantoor").pk)

    assert version(queue) == 1


def test_what_has_nothing_to_do_with_terms_does_not_count(desk: Client, queue: Queue) -> None:
    save(desk, queue, comment="Voor vragen over het spel", unlock_minutes=5)
    save(desk, queue)

    assert version(queue) == 0


def test_another_admins_change_meanwhile_is_counted_on(desk: Client, queue: Queue) -> None:
    Queue.objects.filter(pk=queue.pk).update(terms_version=7)

    save(desk, queue, update_minutes=60)
    save(desk, queue, comment="Bijgewerkt")

    assert version(queue) == 8


def test_a_new_queue_begins_with_the_first_version(desk: Client) -> None:
    address = reverse("admin:queues_queue_add")
    sent = {"name": "Nieuw", "follow_up": "possible", "notify_percent": 80, "unlock_minutes": 0}
    sent |= {"agents_called": "first_name"}
    inlines = {f"permissions-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    assert desk.post(address, sent | inlines | {"update_minutes": 60}).status_code == 302
    assert version(Queue.objects.get(name="Nieuw")) == 0


def test_a_saved_calendar_counts_for_its_queues_only(desk: Client, queue: Queue, other_queue: Queue) -> None:
    calendar = Calendar.objects.create(name="Kantoor")
    Queue.objects.filter(pk=queue.pk).update(calendar=calendar)

    save(desk, calendar, hours_0="8:00-17:00", holidays_0=["nl:kings_day"], holidays_1="")

    assert (version(queue), version(other_queue)) == (1, 0)


@time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=False)
def test_the_queues_page_says_by_example_when_a_question_is_late(desk: Client, queue: Queue) -> None:
    address = reverse("admin:queues_queue_change", args=[queue.pk])
    assert "Er is niets beloofd." in desk.get(address).content.decode()
    office = {str(day): [["09:00", "17:00"]] for day in range(5)}
    calendar = Calendar.objects.create(name="Kantoor", hours=office)
    Queue.objects.filter(pk=queue.pk).update(
        calendar=calendar, first_response_minutes=120, update_minutes=480, solution_minutes=4800
    )
    page = desk.get(address).content.decode()
    assert "Eerste reactie: vrijdag 16:00 → maandag 10:00" in page
    assert "Antwoord aan de klant: vrijdag 16:00 → maandag 16:00" in page
    assert "Oplossing: vrijdag 16:00 → 11-12-2026 16:00" in page
    Calendar.objects.update(hours={})
    Queue.objects.update(terms_version=1)
    assert "Oplossing: vrijdag 16:00 → nooit" in desk.get(address).content.decode()
