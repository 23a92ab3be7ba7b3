"""A form's answers as values of the free fields that they are mapped to.

What does not fit there stays in the form's copy alone: a field that was changed since never stops a question.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from tickets.errors import BadInput
from tickets.free_values import Filled, Value, checked
from tickets.models import FreeField
from tickets.models.free_field import LONG_MOST, SHORT_MOST
from tickets.queries.free_fields import fields_of
from webforms.answers import Answer, Answers, in_words, keys_of
from webforms.spec import CHOICE_KINDS, FieldSpec, FormSpec, Kind

FreeKind = FreeField.Kind


def filled_by(spec: FormSpec, answers: Answers, *, queue_id: int, language: str) -> Filled:
    """What a new ticket in this queue begins with. No statement where nothing is mapped, else two."""
    mapped = {field.free_field: field for field in spec.fields if field.free_field and answers.get(field.key)}
    if not mapped:
        return Filled()
    values = dict[int, Value]()
    for free in fields_of(queue_id):
        if (field := mapped.get(free.pk)) is not None:
            value = _value(free, field, answers[field.key], language=language)
            if value is not None:
                values[free.pk] = value
    return Filled(values=values)


def _value(free: FreeField, field: FieldSpec, answer: Answer, *, language: str) -> Value:
    maker = MAKERS.get(free.kind)
    try:
        return checked(free, maker(free, field, answer, language), present=None) if maker else None
    except BadInput:
        return None


def _short(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    return " ".join(in_words(field, answer, language=language).split())[:SHORT_MOST]


def _long(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    return in_words(field, answer, language=language)[:LONG_MOST]


def _number(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    return Decimal(str(answer)) if field.kind is Kind.NUMBER else None


def _date(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    return date.fromisoformat(str(answer)) if field.kind is Kind.DATE else None


def _chosen(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    """The choices of the free field that are called as those of the form, in Dutch."""
    if field.kind not in CHOICE_KINDS:
        return None
    called = {choice.name.nl.casefold() for choice in field.choices if choice.key in keys_of(answer)}
    return tuple(choice.pk for choice in free.choices.all() if choice.name_nl.casefold() in called)


def _tick(free: FreeField, field: FieldSpec, answer: Answer, language: str) -> Value:
    return field.kind is Kind.TICK


MAKERS: Mapping[str, Callable[[FreeField, FieldSpec, Answer, str], Value]] = {
    FreeKind.SHORT: _short,
    FreeKind.LONG: _long,
    FreeKind.NUMBER: _number,
    FreeKind.DATE: _date,
    FreeKind.CHOICE: _chosen,
    FreeKind.SEVERAL: _chosen,
    FreeKind.TICK: _tick,
}
