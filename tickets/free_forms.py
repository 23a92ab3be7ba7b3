"""Free fields as fields of forms, made of an administrator's rows; the form says where they stand."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.free_values import YEARS, Value
from tickets.models import FreeField
from tickets.models.free_field import LONG_MOST, NUMBER_DIGITS, NUMBER_PLACES, SHORT_MOST

Kind = FreeField.Kind
Common = Mapping[str, Any]
"""What a form's field has of any kind: label, help, what stands in it, and what is said if something must."""

DATES = ("%Y-%m-%d", "%d-%m-%Y")
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M")
"""As a browser sends it that knows such a field; and as a person types it where it does not."""
FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)
YEAR = gettext_lazy("Give a year from 1900 to 2199.")


class Number(forms.DecimalField):
    """A number, with a comma or a dot."""

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        """Read 'anderhalf' and 'NaN' as no number and '1,5' as one."""
        number = super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
        if isinstance(number, Decimal) and not number.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class Boxes(forms.CheckboxSelectMultiple):
    """Several choices to tick; a complaint leads to the first."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of a line's box; of the whole that of the first."""
        return super().id_for_label(id_, index or "0")


def form_field(field: FreeField, *, is_required: bool, present: Value) -> forms.Field:
    """The field of a form in which this one is filled in, with what the ticket holds already."""
    common = {
        "label": str(field),
        "help_text": field.help,
        "required": is_required,
        "initial": _begun(field, present),
    }
    return MAKERS[field.kind](field, present, common)


def value_from(field: FreeField, cleaned: object) -> Value:
    """What came of that form's field, as what is to stand in the ticket."""
    if not cleaned and not isinstance(cleaned, Decimal):
        return None
    if isinstance(cleaned, str):
        return (int(cleaned),) if field.has_choices else cleaned.replace("\r\n", "\n")
    if isinstance(cleaned, list):
        return tuple(int(number) for number in cleaned)
    return cast("Value", cleaned)


def _begun(field: FreeField, present: Value) -> object:
    """A value as the control of a form holds it."""
    if isinstance(present, Decimal):
        return present.normalize() + 0
    if isinstance(present, tuple):
        numbers = [str(number) for number in present]
        return numbers if field.kind == Kind.SEVERAL else numbers[0]
    return present


def _short(field: FreeField, present: Value, common: Common) -> forms.Field:
    return forms.CharField(max_length=SHORT_MOST, error_messages=said_of(field), **common)


def _long(field: FreeField, present: Value, common: Common) -> forms.Field:
    box = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(max_length=LONG_MOST, widget=box, error_messages=said_of(field), **common)


def _number(field: FreeField, present: Value, common: Common) -> forms.Field:
    return number_field(field, common)


def number_field(name: object, common: Common, **said: str) -> Number:
    """A number, of what is called so; `said`: further sentences, by code."""
    box = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": NUMBER_DIGITS + 2})
    box.is_localized = True
    messages = said_of(name, _("Give a number in '%(field)s', for example 12,5.")) | said
    return Number(
        max_digits=NUMBER_DIGITS, decimal_places=NUMBER_PLACES, widget=box, error_messages=messages, **common
    )


def _date(field: FreeField, present: Value, common: Common) -> forms.Field:
    return date_field(field, common)


def date_field(name: object, common: Common) -> forms.DateField:
    """A day, of what is called so."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format=DATES[0]),
        input_formats=DATES,
        validators=[MinValueValidator(FIRST, YEAR), MaxValueValidator(LAST, YEAR)],
        error_messages=said_of(name, _("Give a date in '%(field)s', for example 24-11-2026.")),
        **common,
    )


def _moment(field: FreeField, present: Value, common: Common) -> forms.Field:
    first, last = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in (FIRST, LAST))
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENTS[0]),
        input_formats=MOMENTS,
        validators=[MinValueValidator(first, YEAR), MaxValueValidator(last, YEAR)],
        error_messages=said_of(
            field, _("Give a date and a time in '%(field)s', for example 24-11-2026 11:22.")
        ),
        **common,
    )


def _choice(field: FreeField, present: Value, common: Common) -> forms.Field:
    choices = [("", _("- nothing -")), *_offered(field, present)]
    return forms.ChoiceField(choices=choices, error_messages=said_of_choices(field), **common)


def _several(field: FreeField, present: Value, common: Common) -> forms.Field:
    choices = _offered(field, present)
    return forms.MultipleChoiceField(
        choices=choices, widget=Boxes(), error_messages=said_of_choices(field), **common
    )


def _tick(field: FreeField, present: Value, common: Common) -> forms.Field:
    return tick_field(field, common)


def tick_field(name: object, common: Common) -> forms.BooleanField:
    """A box to tick, of what is called so."""
    said = {"required": _("Tick '%(field)s'.") % {"field": name}}
    return forms.BooleanField(error_messages=said, **common)


def said_of(field: object, invalid: str = "") -> dict[str, Any]:
    """Sentences that name the field: many may be wrong at once."""
    required = _("Fill in '%(field)s'.")
    return {code: said % {"field": field} for code, said in (("required", required), ("invalid", invalid))}


def said_of_choices(field: object) -> dict[str, Any]:
    """The same of what is chosen."""
    gone = _("What you chose in '%(field)s' is not offered (any more). Choose something else.")
    name = str(field).replace("%", "%%")  # Django puts the value into this one
    return {
        "required": _("Choose something in '%(field)s'.") % {"field": field},
        "invalid_choice": gone % {"field": name},
    }


def _offered(field: FreeField, present: Value) -> list[tuple[str, str]]:
    """The rows in use, and what the ticket holds though it is not."""
    kept = present if isinstance(present, tuple) else ()
    gone = _("%(choice)s (not in use any more)")
    return [
        (str(choice.pk), str(choice) if choice.is_active else gone % {"choice": choice})
        for choice in field.choices.all()
        if choice.is_active or choice.pk in kept
    ]


MAKERS: Mapping[str, Callable[[FreeField, Value, Common], forms.Field]] = {
    Kind.SHORT: _short,
    Kind.LONG: _long,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.TICK: _tick,
}
