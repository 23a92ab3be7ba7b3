"""The free fields that a form asks for, and what a ticket holds in them."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet

from tickets.free_values import Value, value_in, words_of
from tickets.models import FieldPlace, FreeChoice, FreeField, FreeValue, Ticket
from tickets.models.free_field import COLUMNS

FOLDED_FROM = 80
"""A long text of more characters, or of several lines, is folded beside a ticket."""


def fields_of(queue_id: int, *, place: FieldPlace | None = None) -> list[FreeField]:
    """The fields in use in a queue, in their order, with their choices; those of one place, if one is named.

    One statement, where there is none; two, where there are some.
    """
    fields = FreeField.objects.filter(Q(queues=None) | Q(queues=queue_id), is_active=True)
    if place is not None:
        fields = fields.exclude(**{place: FreeField.Use.HIDDEN})
    return list(fields.prefetch_related("choices"))


def queues_that_ask(place: FieldPlace) -> set[int | None]:
    """The ids of the queues in which a place asks for fields; None among them where all do. One statement."""
    fields = FreeField.objects.filter(is_active=True).exclude(**{place: FreeField.Use.HIDDEN})
    return set(fields.values_list("queues", flat=True))


def fields_by_id(field_ids: Collection[int]) -> dict[int, FreeField]:
    """These fields, in use or not, with their choices. No statement for none, else two."""
    return FreeField.objects.prefetch_related("choices").in_bulk(list(field_ids)) if field_ids else {}


def empty_at_close(ticket: Ticket) -> list[FreeField]:
    """The fields that closing asks for in the ticket's queue and in which it holds nothing. One statement."""
    required = FreeField.objects.filter(
        Q(queues=None) | Q(queues=ticket.queue_id), is_active=True, on_close=FreeField.Use.REQUIRED
    )
    return list(required.exclude(pk__in=FreeValue.objects.filter(ticket=ticket).values("field")))


def values_of(ticket_id: int, field_ids: Collection[int]) -> dict[int, Value]:
    """What the ticket holds in these fields, by field; what is empty is not there. One statement, or none."""
    return _by_field(FreeValue.objects.filter(ticket=ticket_id, field__in=field_ids)) if field_ids else {}


def all_values_of(ticket_id: int) -> dict[int, Value]:
    """All that the ticket holds, by field. One statement."""
    return _by_field(FreeValue.objects.filter(ticket=ticket_id))


def _by_field(values: QuerySet[FreeValue]) -> dict[int, Value]:
    rows = values.order_by("field_id", "id")
    return {
        field_id: value_in(list(of_field)) for field_id, of_field in groupby(rows, lambda row: row.field_id)
    }


def has_values(field: FreeField) -> bool:
    """Whether some ticket holds something in it."""
    column = COLUMNS[field.kind]
    return FreeValue.objects.filter(**{"field": field, f"{column}__isnull": False}).exists()


def is_chosen(choice: FreeChoice) -> bool:
    """Whether some ticket has it."""
    return FreeValue.objects.filter(choice=choice).exists()


@dataclass(frozen=True, slots=True)
class FreeFact:
    """What a ticket holds in a field, in words: whether of this queue or not, in use or not."""

    name: str
    words: str
    is_folded: bool


def free_facts(ticket: Ticket) -> list[FreeFact]:
    """All that the ticket holds, in the order of its fields. One statement."""
    rows = FreeValue.objects.filter(ticket=ticket).select_related("field", "choice")
    rows = rows.order_by("field__position", "field_id", "choice__position", "choice_id")
    return [_fact(list(of_field)) for _id, of_field in groupby(rows, lambda row: row.field_id)]


def _fact(rows: list[FreeValue]) -> FreeFact:
    field = rows[0].field
    if COLUMNS[field.kind] == "choice":
        words = ", ".join(str(row.choice) for row in rows)
    else:
        words = words_of(field, value_in(rows))
    is_long = field.kind == FreeField.Kind.LONG and (len(words) > FOLDED_FROM or "\n" in words)
    return FreeFact(name=str(field), words=words, is_folded=is_long)
