"""What was answered, as it is kept, and in words.

A text is itself, a number has a dot, a day is as in ISO 8601, a tick is `TICKED`, what was chosen is a
list of keys; '' or an empty list is nothing. Files are told apart: '' says that they were asked for.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from webforms.asking import VisitorForm, field_name
from webforms.spec import CHOICE_KINDS, TICKED, FieldSpec, FormSpec, Kind, Meaning

Answer = str | list[str]
Answers = Mapping[str, Answer]
"""Key of a field that was asked → what was answered there."""


def answers_of(form: VisitorForm) -> dict[str, Answer]:
    """Of a form that is done."""
    return {
        field.key: _kept(field, form.cleaned_data.get(field_name(field.key)))
        for field in form.spec.fields
        if field.key in form.asked
    }


def _kept(field: FieldSpec, cleaned: object) -> Answer:
    match cleaned:
        case bool() | None:
            return TICKED if cleaned else ""
        case Decimal():
            return format(cleaned.normalize(), "f")
        case date():
            return cleaned.isoformat()
        case list():
            return [str(key) for key in cleaned]
    if field.kind is Kind.CHOICE:
        return [str(cleaned)] * bool(cleaned)
    return str(cleaned)


def keys_of(answer: Answer) -> list[str]:
    """The keys of what was chosen."""
    return answer if isinstance(answer, list) else []


def text_of(answers: Answers, spec: FormSpec, meaning: Meaning) -> str:
    """The text that was answered to what has this meaning; '' where the form does not ask for it."""
    field = next((field for field in spec.fields if field.meaning is meaning), None)
    answer = answers.get(field.key, "") if field is not None else ""
    return answer if isinstance(answer, str) else ""


def in_words(field: FieldSpec, answer: Answer, *, language: str) -> str:
    """An answer as people of this language, which is active, read it; '' for nothing."""
    if field.kind in CHOICE_KINDS:
        names = {choice.key: choice.name.in_language(language) for choice in field.choices}
        return ", ".join(names[key] for key in keys_of(answer) if key in names)
    if not answer or isinstance(answer, list):
        return ""
    match field.kind:
        case Kind.TICK:
            return _("yes")
        case Kind.NUMBER:
            return number_format(Decimal(answer))
        case Kind.DATE:
            return date_format(date.fromisoformat(answer), "d-m-Y")
    return answer
