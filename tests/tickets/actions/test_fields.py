"""Free fields: what can stand in each kind, what the history tells of it, and whose change counts."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.models import Agent
from queues.models import Queue
from tests.factories import NOW, actor, answer, make_free_field, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.close import close_ticket
from tickets.actions.fields import change_fields
from tickets.actions.lock import lock_ticket
from tickets.actions.reply import reply_to_ticket
from tickets.changing.forms import Form
from tickets.changing.once import Done
from tickets.errors import Ask, BadInput, NotAllowed
from tickets.free_values import Filled, Value, mark_of
from tickets.history import sentences
from tickets.models import FreeChoice, FreeField, FreeValue, Ticket
from tickets.queries.free_fields import free_facts, values_of
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

NOTHING: Mapping[FreeField, Value] = {}
LONG = "Eerste regel\nTweede regel"


def fill_in(
    ticket: Ticket,
    agent: Agent,
    filled: Mapping[FreeField, Value],
    *,
    shown: Mapping[FreeField, Value] = NOTHING,
    **form: Any,
) -> Done:
    return change_fields(
        actor=actor(agent),
        ticket=ticket,
        filled=Filled(
            values={field.pk: value for field, value in filled.items()},
            shown={field.pk: mark_of(value) for field, value in shown.items()},
        ),
        form=Form(submission=uuid.uuid4(), **form),
        now=NOW,
    )


def holds(ticket: Ticket, field: FreeField) -> Value:
    return values_of(ticket.pk, [field.pk]).get(field.pk)


def ids(field: FreeField, *names: str) -> tuple[int, ...]:
    return tuple(sorted(field.choices.filter(name_nl__in=names).values_list("pk", flat=True)))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("short", "Zandhorst", "Zandhorst"),
        ("long", LONG, LONG),
        ("number", Decimal("12.50"), "12,5"),
        ("number", Decimal(0), "0"),
        ("date", date(2027, 1, 15), "15-01-2027"),
        ("moment", datetime(2027, 1, 15, 18, 30, tzinfo=UTC), "15-01-2027 19:30"),
        ("choice", ("Schade",), "Schade"),
        ("several", ("Schade", "Op reis"), "Op reis, Schade"),
        ("tick", True, "ja"),
    ],
)
def test_a_value_of_each_kind_is_kept_shown_told_and_taken_away_again(
    ticket: Ticket, owner: Agent, kind: str, value: Any, said: str
) -> None:
    field = make_free_field(kind, "Op reis", "Schade", name_nl="Soort", name_en="Sort")
    value = ids(field, *value) if isinstance(value, tuple) else value
    done = fill_in(ticket, owner, {field: value})
    assert holds(ticket, field) == value
    assert [(fact.name, fact.words) for fact in free_facts(ticket)] == [("Soort", said)]
    assert sentences(done.event) == [f"Soort: – → {said}"]
    gone = fill_in(ticket, owner, {field: None})
    assert FreeValue.objects.count() == 0
    assert sentences(gone.event) == [f"Soort: {said} → –"]
    with translation.override("en"):
        assert sentences(gone.event)[0].startswith("Sort: ")


def test_the_history_keeps_the_names_of_its_time(ticket: Ticket, owner: Agent) -> None:
    field = make_free_field("choice", "Schade", name_nl="Soort")
    done = fill_in(ticket, owner, {field: ids(field, "Schade")})
    FreeField.objects.update(name_nl="Onderwerp")
    FreeChoice.objects.update(name_nl="Kapot")
    assert sentences(done.event) == ["Soort: – → Schade"]
    assert [fact.words for fact in free_facts(ticket)] == ["Kapot"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("short", "x" * 201),
        ("short", "a\0b"),
        ("short", Decimal(1)),
        ("long", "x" * 10_001),
        ("number", Decimal("1e11")),
        ("number", Decimal("0.00001")),
        ("number", Decimal("NaN")),
        ("number", "1"),
        ("date", date(1, 1, 1)),
        ("date", datetime(2027, 1, 1, tzinfo=UTC)),
        ("moment", date(2027, 1, 1)),
        ("moment", datetime(9999, 12, 31, tzinfo=UTC)),
        ("choice", ("Op reis", "Schade")),
        ("choice", ("Vervallen",)),
        ("choice", (2**62,)),
        ("several", ("Schade", "Vervallen")),
        ("several", "Schade"),
        ("tick", "ja"),
    ],
)
def test_what_can_not_stand_in_a_field_is_refused_at_it(
    ticket: Ticket, owner: Agent, kind: str, value: Any
) -> None:
    field = make_free_field(kind, "Op reis", "Schade", "Vervallen")
    field.choices.filter(name_nl="Vervallen").update(is_active=False)
    if isinstance(value, tuple) and isinstance(value[0], str):
        value = ids(field, *value)
    with pytest.raises(BadInput) as refused:
        fill_in(ticket, owner, {field: value})
    assert refused.value.field == f"free_{field.pk}"
    assert FreeValue.objects.count() == 0


def test_a_choice_of_another_field_is_none_of_this_one_s(ticket: Ticket, owner: Agent) -> None:
    field, other = make_free_field("choice", "Schade"), make_free_field("choice", "Geheim")
    with pytest.raises(BadInput):
        fill_in(ticket, owner, {field: ids(other, "Geheim")})


def test_a_choice_that_went_out_of_use_stays_where_it_is_beside_others(ticket: Ticket, owner: Agent) -> None:
    field = make_free_field("several", "Op reis", "Schade")
    fill_in(ticket, owner, {field: ids(field, "Schade")})
    field.choices.filter(name_nl="Schade").update(is_active=False)
    fill_in(ticket, owner, {field: ids(field, "Op reis", "Schade")})
    assert holds(ticket, field) == ids(field, "Op reis", "Schade")


def test_a_field_out_of_use_or_of_another_queue_keeps_its_value_and_takes_no_other(
    ticket: Ticket, owner: Agent, queue: Queue, other_queue: Queue
) -> None:
    field = make_free_field("short", queues=[queue])
    fill_in(ticket, owner, {field: "Zandhorst"})
    for change in ({"is_active": False}, {"is_active": True}):
        FreeField.objects.update(**change)
        field.queues.set([other_queue])
        with pytest.raises(BadInput, match="hoort niet meer bij de wachtrij"):
            fill_in(ticket, owner, {field: "Iets anders"})
        assert [fact.words for fact in free_facts(ticket)] == ["Zandhorst"]


def test_what_changes_nothing_is_no_event(ticket: Ticket, owner: Agent) -> None:
    field = make_free_field("number")
    fill_in(ticket, owner, {field: Decimal(24)})
    for filled in ({}, {field: Decimal("24.00")}):
        with pytest.raises(BadInput, match="Dat staat er al"):
            fill_in(ticket, owner, filled)


def test_it_needs_every_right_and_no_lock(
    ticket: Ticket, owner: Agent, reader: Agent, colleague: Agent
) -> None:
    field = make_free_field("tick")
    with pytest.raises(NotAllowed):
        fill_in(ticket, reader, {field: True})
    lock_ticket(actor=actor(colleague), ticket=ticket, now=NOW)
    fill_in(ticket, owner, {field: True})
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (True, colleague)


def test_who_changes_what_a_colleague_has_changed_meanwhile_is_asked(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    field, left = make_free_field("short", name_nl="Groep"), make_free_field("tick", name_nl="Klaar")
    fill_in(ticket, colleague, {field: "Zandhorst", left: True}, shown={field: None, left: None})
    filled, shown = {field: "Heihorst", left: None}, {field: None, left: None}
    with pytest.raises(Ask, match=r"^Colleague was je voor: Groep: – → Zandhorst\. Kijk") as asked:
        fill_in(ticket, owner, filled, shown=shown)
    assert holds(ticket, field) == "Zandhorst"
    fill_in(ticket, owner, filled, shown=shown, anyway=[asked.value.key])
    assert (holds(ticket, field), holds(ticket, left)) == ("Heihorst", True)
    fill_in(ticket, colleague, {field: "Elders"})
    with pytest.raises(Ask):
        fill_in(ticket, owner, filled, shown=shown, anyway=[asked.value.key])


def test_what_was_left_as_the_page_showed_it_stays_what_a_colleague_made_of_it(
    ticket: Ticket, owner: Agent, colleague: Agent
) -> None:
    field, other = make_free_field("several", "A", "B"), make_free_field("short")
    for names in (("A",), ("A", "B"), ("B",)):
        fill_in(ticket, colleague, {field: ids(field, *names)})
    shown = {field: ids(field, "A")}
    done = fill_in(ticket, owner, {field: ids(field, "A"), other: "Zandhorst"}, shown=shown)
    assert holds(ticket, field) == ids(field, "B")
    assert list(done.event.changes) == [f"free:{other.pk}"]


def test_what_both_have_put_there_is_no_question(ticket: Ticket, owner: Agent, colleague: Agent) -> None:
    field, other = make_free_field("number"), make_free_field("tick")
    fill_in(ticket, colleague, {field: Decimal(24)})
    fill_in(ticket, owner, {field: Decimal("24.0"), other: True}, shown={field: None})
    assert holds(ticket, field) == Decimal(24)


def test_an_answer_and_closing_tell_of_them_in_their_own_event(
    ticket: Ticket, owner: Agent, queue: Queue
) -> None:
    field = make_free_field("short", name_nl="Groep")
    closed = close_ticket(
        actor=actor(owner),
        ticket=ticket,
        state=state_by_key("closed_successful"),
        filled=Filled({field.pk: "Zandhorst"}),
        **words(),
    )
    assert {"state", f"free:{field.pk}"} <= closed.event.changes.keys()
    other = make_ticket(queue)
    sent = reply_to_ticket(
        actor=actor(owner), ticket=other, answer=answer(other, filled=Filled({field.pk: "Heihorst"})), now=NOW
    )
    assert {"state", f"free:{field.pk}"} <= sent.event.changes.keys()
    assert (holds(ticket, field), holds(other, field)) == ("Zandhorst", "Heihorst")


def test_a_refused_deed_leaves_the_fields_as_they_were(ticket: Ticket, owner: Agent) -> None:
    field = make_free_field("short")
    late = answer(ticket, filled=Filled({field.pk: "Zandhorst"}), time_units=Decimal(-1))
    with pytest.raises(BadInput):
        reply_to_ticket(actor=actor(owner), ticket=ticket, answer=late, now=NOW)
    assert FreeValue.objects.count() == 0


def test_a_ticket_can_begin_with_them(queue: Queue) -> None:
    field = make_free_field("date", name_nl="Dag")
    made = make_ticket(queue, filled=Filled({field.pk: date(2027, 1, 15)}))
    assert holds(made, field) == date(2027, 1, 15)
    assert "Dag: – → 15-01-2027" in sentences(made.events.get())


def at_once(write: Callable[[], object]) -> None:
    """Written, and looked at by all constraints."""
    with transaction.atomic(), connection.cursor() as cursor:
        write()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_takes_no_value_that_is_not_of_its_field_s_kind(ticket: Ticket, owner: Agent) -> None:
    field, other = make_free_field("choice", "A"), make_free_field("choice", "B")
    fill_in(ticket, owner, {field: ids(field, "A")})
    wrong: list[dict[str, Any]] = [
        {"field": field, "kind": "short", "short": "x"},  # the kind of another
        {"field": other, "kind": "choice", "short": "x"},  # the column of another
        {"field": other, "kind": "choice"},  # no column
        {"field": other, "kind": "choice", "choice": field.choices.get(), "tick": True},  # two columns
        {"field": other, "kind": "choice", "choice": field.choices.get()},  # the choice of another
        {"field": field, "kind": "choice", "choice": field.choices.get()},  # once more
    ]
    for row in wrong:
        with pytest.raises(IntegrityError):
            at_once(partial(FreeValue.objects.create, ticket=ticket, **row))
    with pytest.raises(IntegrityError):
        at_once(partial(FreeField.objects.filter(pk=field.pk).update, kind="short"))
