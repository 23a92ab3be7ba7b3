"""A `FormSpec` as a form of Django's, which shows it."""

from collections.abc import Callable, Mapping
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from webforms.spec import FieldSpec, FormSpec, Kind

Maker = Callable[[FieldSpec, str, dict[str, Any]], forms.Field]


def form_of(spec: FormSpec, *, language: str, data: Any = None, files: Any = None) -> forms.Form:
    """The form for a reader of this language; its fields are named by their keys."""
    form = forms.Form(data, files)
    for field in spec.fields:
        common = {
            "label": field.label.in_language(language),
            "help_text": field.help.in_language(language),
            "required": field.is_required,
        }
        form.fields[field.key] = MAKERS[field.kind](field, language, common)
    if spec.consent:
        form.fields["consent"] = forms.BooleanField(label=spec.consent.in_language(language))
    form.layout = Layout(*form.fields)  # type: ignore[attr-defined]  # what `{% layout %}` reads
    return form


def _text(field: FieldSpec, language: str, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(**common)


def _long(field: FieldSpec, language: str, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 7}), **common)


def _date(field: FieldSpec, language: str, common: dict[str, Any]) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)


def _choices(field: FieldSpec, language: str) -> list[tuple[str, str]]:
    return [(choice.key, choice.name.in_language(language)) for choice in field.choices]


def _choice(field: FieldSpec, language: str, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", ""), *_choices(field, language)], **common)


def _several(field: FieldSpec, language: str, common: dict[str, Any]) -> forms.Field:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=_choices(field, language), widget=boxes, **common)


MAKERS: Mapping[Kind, Maker] = {
    Kind.SHORT: _text,
    Kind.LONG: _long,
    Kind.EMAIL: lambda _field, _language, common: forms.EmailField(**common),
    Kind.PHONE: _text,
    Kind.NUMBER: lambda _field, _language, common: forms.DecimalField(**common),
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.TICK: lambda _field, _language, common: forms.BooleanField(**common),
    Kind.FILE: lambda _field, _language, common: forms.FileField(**common),
}
