"""Administrators define free fields: what they are called, and rows that go with their kind."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.models import Queue
from tests.factories import make_free_field
from tickets.free_values import rows_of
from tickets.models import FreeChoice, FreeField, FreeValue, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

ADD = "/admin/tickets/freefield/add/"


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def filled_in(kind: str, *rows: dict[str, object], kept: int = 0, **values: object) -> dict[str, Any]:
    """The page of a field as a browser sends it."""
    form: dict[str, Any] = {
        "name_nl": "Soort",
        "kind": kind,
        "position": 10,
        "is_active": "on",
        "on_ticket": "shown",
    }
    form |= {"choices-TOTAL_FORMS": len(rows), "choices-INITIAL_FORMS": kept}
    for number, row in enumerate(rows):
        shown = {"position": 100, "is_active": "on"} | row
        form |= {f"choices-{number}-{name}": value for name, value in shown.items()}
    return form | values


def change(field: FreeField) -> str:
    return reverse("admin:tickets_freefield_change", args=[field.pk])


def row_of(choice: FreeChoice, **values: object) -> dict[str, object]:
    return {"id": choice.pk, "field": choice.field_id, "name_nl": choice.name_nl, **values}


def test_a_field_is_made_with_its_choices_in_the_order_of_their_positions(
    office: Client, queue: Queue
) -> None:
    rows = (
        {"name_nl": "Schade", "position": 2},
        {"name_nl": "Op reis", "name_en": "Travelling", "position": 1},
    )
    sent = filled_in("several", *rows, queues=[queue.pk], on_close="required")
    assert office.post(ADD, sent).status_code == 302
    field = FreeField.objects.get()
    assert (field.on_close, field.on_answer, [*field.queues.all()]) == ("required", "", [queue])
    assert [choice.name_nl for choice in field.choices.all()] == ["Op reis", "Schade"]


@pytest.mark.parametrize(
    ("kind", "rows", "said"),
    [
        ("choice", (), "Geef minstens één keuze die actief is."),
        ("choice", ({"name_nl": "Schade", "is_active": ""},), "Geef minstens één keuze die actief is."),
        (
            "choice",
            ({"name_nl": "Schade"}, {"name_nl": "Schade"}),
            "Twee keuzes hebben dezelfde Nederlandse naam.",
        ),
        ("date", ({"name_nl": "Schade"},), "Deze soort heeft geen keuzes"),
    ],
)
def test_rows_that_do_not_go_with_the_kind_are_told(
    office: Client, kind: str, rows: tuple[dict[str, object], ...], said: str
) -> None:
    page = office.post(ADD, filled_in(kind, *rows))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not FreeField.objects.exists()


def test_the_kind_stays_once_a_ticket_has_a_value(office: Client, ticket: Ticket) -> None:
    field = make_free_field("number")
    assert office.post(change(field), filled_in("short")).status_code == 302
    field.refresh_from_db()
    assert field.kind == "short"
    FreeValue.objects.bulk_create(rows_of(ticket.pk, field, "Zandhorst"))
    assert 'name="kind"' not in office.get(change(field)).content.decode()
    assert office.post(change(field), filled_in("long", name_nl="Anders")).status_code == 302
    field.refresh_from_db()
    assert (field.kind, field.name_nl) == ("short", "Anders")


def test_a_choice_that_a_ticket_has_goes_out_of_use_and_is_not_deleted(
    office: Client, ticket: Ticket
) -> None:
    field = make_free_field("choice", "Schade", "Op reis")
    used, unused = field.choices.all()
    FreeValue.objects.bulk_create(rows_of(ticket.pk, field, (used.pk,)))
    gone = filled_in("choice", row_of(used, DELETE="on"), row_of(unused), kept=2)
    assert "haal het vinkje bij" in office.post(change(field), gone).content.decode()
    assert field.choices.count() == 2
    gone = filled_in("choice", row_of(used), row_of(unused, DELETE="on"), kept=2)
    assert office.post(change(field), gone).status_code == 302
    assert [*field.choices.all()] == [used]
    out = filled_in("choice", row_of(used, is_active=""), {"name_nl": "Nieuw"}, kept=1)
    assert office.post(change(field), out).status_code == 302
    assert [choice.is_active for choice in field.choices.order_by("pk")] == [False, True]


def test_a_field_is_never_deleted(office: Client) -> None:
    field = make_free_field("tick")
    assert office.post(reverse("admin:tickets_freefield_delete", args=[field.pk])).status_code == 403
