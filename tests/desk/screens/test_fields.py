"""Vrije invulvelden: a form made of an administrator's rows, on its own screen, an answer and closing."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Preferences
from queues.models import Queue
from tests.desk.reading import HTMX, text
from tests.factories import NOW, actor, make_free_field, make_ticket
from tests.house.screens import address_of, filled_in
from tickets.actions.fields import change_fields
from tickets.changing.forms import Form
from tickets.free_values import Filled, Value, mark_of, rows_of
from tickets.models import Event, FreeField, FreeValue, Ticket
from tickets.queries.free_fields import values_of

LONG = "Eerste regel\nTweede regel"


def name(field: FreeField) -> str:
    return f"free_{field.pk}"


def shown(field: FreeField, value: Value) -> str:
    """What a page says of a field that it shows with this in it."""
    return f"{name(field)}:{mark_of(value)}"


def hold(ticket: Ticket, field: FreeField, value: Value) -> None:
    FreeValue.objects.bulk_create(rows_of(ticket.pk, field, value))


def held(ticket: Ticket) -> dict[int, Value]:
    return values_of(ticket.pk, list(FreeField.objects.values_list("pk", flat=True)))


def form(screen: str, ticket: Ticket, **values: object) -> dict[str, object]:
    """In order, but for its free fields."""
    if screen == "fields":
        return {"submission": str(uuid.uuid4()), **values}
    return filled_in(screen, ticket=ticket, target=ticket.queue) | values


@pytest.fixture
def address(ticket: Ticket) -> str:
    return reverse("desk:fields", args=[ticket.number])


@pytest.fixture
def every_kind(db: None) -> dict[str, FreeField]:
    """A field of each kind, by its kind."""
    return {
        kind: make_free_field(kind, *(["Op reis", "Schade"] if kind in ("choice", "several") else []))
        for kind in FreeField.Kind.values
    }


def test_each_kind_is_asked_for_in_its_own_way_and_shows_what_is_there(
    desk: Client, address: str, ticket: Ticket, every_kind: dict[str, FreeField]
) -> None:
    trip = every_kind["choice"].choices.get(name_nl="Op reis").pk
    both = tuple(every_kind["several"].choices.values_list("pk", flat=True))
    moment = datetime.fromisoformat("2027-01-15T18:30+00:00")
    values: list[Value] = ["<b>", LONG, Decimal("24.50"), date(2027, 1, 15), moment, (trip,), both, True]
    for field, value in zip(every_kind.values(), values, strict=True):
        hold(ticket, field, value)
    page = desk.get(address).content.decode()
    for control in (
        'value="&lt;b&gt;"',
        f">\n{LONG}</textarea>",
        'value="24,5"',
        f'type="date" name="{name(every_kind["date"])}" value="2027-01-15"',
        f'type="datetime-local" name="{name(every_kind["moment"])}" value="2027-01-15T19:30"',
        f'<option value="{trip}" selected>Op reis</option>',
    ):
        assert control in page
    assert page.count(" checked") == 3
    assert page.count("(niet verplicht)") == 6  # boxes say it by themselves


def test_what_a_person_types_is_understood(
    desk: Client, address: str, ticket: Ticket, every_kind: dict[str, FreeField]
) -> None:
    """A comma, a date in the Dutch way, lines that end as browsers end them."""
    choice, several = every_kind["choice"].choices.all()[0], every_kind["several"].choices.all()[1]
    typed: list[object] = [" Zandhorst ", "Een\r\ntwee", "24,5", "15-01-2027", "15-01-2027 19:30"]
    typed += [choice.pk, several.pk]
    sent = {name(field): value for field, value in zip(every_kind.values(), [*typed, "on"], strict=True)}
    answer = desk.post(address, form("fields", ticket) | sent)
    assert answer.status_code == 302
    assert [held(ticket)[field.pk] for field in every_kind.values()] == [
        *("Zandhorst", "Een\ntwee", Decimal("24.5"), date(2027, 1, 15)),
        datetime.fromisoformat("2027-01-15T18:30+00:00"),
        *((choice.pk,), (several.pk,), True),
    ]
    assert "De vrije invulvelden van" in text(desk.get(answer.headers["Location"]))


def test_all_that_is_wrong_is_told_at_once_in_words_and_stays(
    desk: Client, address: str, ticket: Ticket, every_kind: dict[str, FreeField]
) -> None:
    FreeField.objects.filter(kind__in=["short", "tick", "several"]).update(on_ticket="required")
    every_kind["choice"].name_nl = "100% %(value)s"
    every_kind["choice"].save()
    wrong = {"number": "NaN", "date": "31-02-2027", "moment": "1600-01-01T10:00", "choice": "0", "short": " "}
    sent = {name(every_kind[kind]): value for kind, value in wrong.items()}
    page = desk.post(address, form("fields", ticket) | sent)
    shown = unescape(page.content.decode())
    assert page.status_code == 422
    for sentence in (
        f"Vul '{every_kind['short']}' in.",
        f"Vul bij '{every_kind['number']}' een getal in, bijvoorbeeld 12,5.",
        f"Vul bij '{every_kind['date']}' een datum in, bijvoorbeeld 24-11-2026.",
        "Vul een jaar van 1900 tot en met 2199 in.",
        "Wat je bij '100% %(value)s' hebt gekozen, is er niet (meer).",
        f"Kies iets bij '{every_kind['several']}'.",
        f"Vink '{every_kind['tick']}' aan.",
    ):
        assert shown.count(sentence) == 2, sentence
    assert 'value="NaN"' in shown
    assert held(ticket) == {}


@pytest.mark.parametrize("screen", ["reply", "close"])
def test_a_deed_asks_for_what_is_required_there_and_does_both_in_one(
    desk: Client, ticket: Ticket, screen: str
) -> None:
    asked = make_free_field("short", name_nl="Groepsnaam", on_answer="required", on_close="required")
    elsewhere = make_free_field("short", name_nl="Alleen op het eigen scherm")
    page = desk.get(address_of(screen, ticket)).content.decode()
    assert "Groepsnaam" in page
    assert "Alleen op het eigen scherm" not in page
    sent = form(screen, ticket)
    again = desk.post(address_of(screen, ticket), sent | {"time_units": "veel"})
    assert again.status_code == 422
    assert f'href="#id_{name(asked)}"' in again.content.decode()
    assert 'href="#id_time_units"' in again.content.decode()
    assert desk.post(address_of(screen, ticket), sent | {name(asked): "Zandhorst"}).status_code == 302
    assert held(ticket) == {asked.pk: "Zandhorst"}
    assert {"state", f"free:{asked.pk}"} <= Event.objects.latest("pk").changes.keys()
    assert elsewhere.pk not in held(ticket)


def test_a_field_of_another_queue_is_not_asked_for_and_what_comes_of_it_is_told(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    """Also one that an administrator took away while its agent was typing."""
    field = make_free_field("short", queues=[other_queue], on_close="shown", name_nl="Elders")
    assert "Elders" not in desk.get(address_of("close", ticket)).content.decode()
    sent = form("close", ticket)
    page = desk.post(address_of("close", ticket), sent | {name(field): "Zandhorst"})
    assert page.status_code == 422
    assert "wordt hier niet meer gevraagd en is weggelaten: Zandhorst" in text(page)
    assert name(field) not in page.content.decode()
    assert desk.post(address_of("close", ticket), sent).status_code == 302
    assert held(ticket) == {}


def test_what_came_to_be_asked_for_while_a_form_was_open_is_not_emptied_by_it(
    desk: Client, address: str, ticket: Ticket
) -> None:
    short, boxes = make_free_field("short"), make_free_field("several", "A", "B")
    chosen = tuple(boxes.choices.values_list("pk", flat=True))
    hold(ticket, boxes, chosen)
    page = desk.get(address).content.decode()
    assert f'name="free_shown" value="{shown(boxes, chosen)}"' in page
    sent = form("fields", ticket) | {name(short): "Zandhorst"}
    assert desk.post(address, sent).status_code == 302
    assert held(ticket) == {short.pk: "Zandhorst", boxes.pk: chosen}
    sent = form("fields", ticket) | {
        name(short): "",
        "free_shown": [shown(short, "Zandhorst"), shown(boxes, chosen)],
    }
    assert desk.post(address, sent).status_code == 302
    assert held(ticket) == {}


def test_a_queue_without_fields_says_so_and_where_they_come_from(desk: Client, address: str) -> None:
    none = text(desk.get(address))
    assert ("Een beheerder kan ze maken" in none, "data-submit hidden disabled" in none) == (True, True)
    make_free_field("tick")
    some = text(desk.get(address))
    assert ("Een beheerder kan ze maken" in some, "data-submit hidden" in some) == (False, False)


def test_a_choice_out_of_use_is_offered_only_where_it_is_chosen(
    desk: Client, address: str, ticket: Ticket
) -> None:
    field = make_free_field("choice", "Op reis", "Schade")
    field.choices.filter(name_nl="Schade").update(is_active=False)
    assert "Schade" not in desk.get(address).content.decode()
    hold(ticket, field, (field.choices.get(name_nl="Schade").pk,))
    assert "Schade (niet meer in gebruik)" in desk.get(address).content.decode()


def test_who_reads_english_gets_the_english_names_where_there_are_some(
    desk: Client, address: str, owner: Agent
) -> None:
    make_free_field("tick", name_nl="Groep", name_en="Group", help_nl="Zoals bekend.")
    make_free_field("tick", name_nl="Alleen Nederlands")
    Preferences.objects.create(agent=owner, language="en")
    page = text(desk.get(address))
    assert " Group</label>" in page
    assert " Groep</label>" not in page
    assert "Alleen Nederlands" in page
    assert "Zoals bekend." in page


def statements(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len(captured)


@pytest.mark.parametrize("screen", ["reply", "close", "fields"])
def test_a_form_costs_the_same_however_many_fields_it_has(desk: Client, ticket: Ticket, screen: str) -> None:
    def cost() -> int:
        return statements(lambda: desk.get(address_of(screen, ticket), headers=HTMX))

    cost()  # what is kept in memory for a while
    none, counts = cost(), list[int]()
    for n in range(6):
        field = make_free_field("several", "A", "B", on_answer="shown", on_close="shown")
        hold(ticket, field, tuple(field.choices.values_list("pk", flat=True)))
        if n in (0, 5):
            counts.append(cost())
    assert counts == [none + 2] * 2


def test_the_ticket_costs_one_statement_more_with_fields_and_shows_them_in_words(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    address = reverse("desk:zoom", args=[ticket.number])
    desk.get(address)
    none = statements(lambda: desk.get(address))
    hold(ticket, make_free_field("short", name_nl="Groepsnaam", queues=[other_queue]), "<Zandhorst>")
    hold(ticket, make_free_field("long", name_nl="Afspraak"), LONG)
    field = make_free_field("several", "Op reis", "Schade", name_nl="Soort", is_active=False)
    hold(ticket, field, tuple(field.choices.values_list("pk", flat=True)))
    assert statements(lambda: desk.get(address)) == none + 1 <= 16
    page = text(desk.get(address))
    assert 'Groepsnaam:</dt> <dd class="facts__text facts__rule">&lt;Zandhorst&gt;</dd>' in page
    assert "Op reis, Schade" in page
    assert re.search(r"<details class=\"more\">\s*<summary>Eerste regel", page)
    paper = text(desk.get(reverse("desk:paper", args=[ticket.number])))
    assert "Tweede regel" in paper


@pytest.mark.parametrize("screen", ["fields", "close"])
def test_what_was_typed_by_who_was_signed_out_can_be_sent_on(
    desk: Client, ticket: Ticket, screen: str, owner: Agent
) -> None:
    field = make_free_field("short", on_close="shown")
    sent = form(screen, ticket) | {name(field): "Zandhorst"}
    desk.logout()
    page = desk.post(address_of(screen, ticket), sent)
    assert page.status_code == 403
    assert f'name="{name(field)}" value="Zandhorst"' in page.content.decode()


def test_what_was_typed_for_a_ticket_that_went_out_of_sight_can_be_copied(
    desk: Client, ticket: Ticket, other_queue: Queue, address: str
) -> None:
    short, choice = make_free_field("short"), make_free_field("choice", "A")
    Ticket.objects.update(queue=other_queue)
    sent = {
        name(short): "Zandhorst",
        name(choice): "4711",
        "free_shown": [shown(short, None), shown(choice, None)],
    }
    page = desk.post(address, form("fields", ticket) | sent)
    assert page.status_code == 404
    assert "Zandhorst</textarea>" in page.content.decode()
    assert "4711" not in page.content.decode()


@pytest.mark.parametrize("screen", ["fields", "close"])
def test_who_comes_second_reads_what_stands_there_now_and_may_go_on(
    desk: Client, ticket: Ticket, colleague: Agent, screen: str
) -> None:
    field = make_free_field("short", name_nl="Groepsnaam", on_close="shown")
    change_fields(
        actor=actor(colleague),
        ticket=ticket,
        filled=Filled({field.pk: "Zandhorst"}),
        form=Form(submission=uuid.uuid4()),
        now=NOW,
    )
    sent = form(screen, ticket) | {"free_shown": shown(field, None), name(field): "Heihorst"}
    page = desk.post(address_of(screen, ticket), sent)
    assert page.status_code == 422
    assert "Colleague was je voor: Groepsnaam: – → Zandhorst." in text(page)
    assert 'value="Heihorst"' in page.content.decode()
    assert f'value="{shown(field, None)}"' in page.content.decode()
    key = page.content.decode().partition('name="anyway" value="')[2].partition('"')[0]
    assert desk.post(address_of(screen, ticket), sent | {"anyway": key}).status_code == 302
    assert held(ticket) == {field.pk: "Heihorst"}


NONSENSE = (
    *(b"a\0b", b"9" * 30, b"9223372036854775808", b"1e400", b"NaN"),
    *("١٢".encode(), b"9999-12-31T23:59", b"0001-01-01T00:00", b"x" * 11_000),
)


@pytest.mark.parametrize("kind", FreeField.Kind.values)
def test_nonsense_in_a_field_breaks_no_page(desk: Client, address: str, ticket: Ticket, kind: str) -> None:
    field = make_free_field(kind, *(["A"] if kind in ("choice", "several") else []))
    for value in NONSENSE:
        data = f"submission={uuid.uuid4()}&{name(field)}={quote(value)}"
        answer = desk.post(address, data, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (302, 422)


def test_a_second_ticket_is_left_alone(desk: Client, ticket: Ticket, queue: Queue, address: str) -> None:
    field, other = make_free_field("short"), make_ticket(queue)
    hold(other, field, "Heihorst")
    desk.post(address, form("fields", ticket) | {name(field): "Zandhorst"})
    assert (held(ticket), held(other)) == ({field.pk: "Zandhorst"}, {field.pk: "Heihorst"})
