"""The fields of a visitor's form, one of each kind, with sentences that name the field."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.datastructures import MultiValueDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from outbox.addresses import is_address, read_addresses
from outbox.mime import one_line
from tickets.free_forms import (
    Boxes,
    Common,
    date_field,
    number_field,
    said_of,
    said_of_choices,
    tick_field,
)
from webforms.models import ANSWER_MOST
from webforms.spec import TICKED, FieldSpec, Kind, Meaning

SHORT_MOST, PHONE_MOST, PHONE_DIGITS = 200, 50, 6
MOST_OF: Mapping[Kind, int] = {
    Kind.SHORT: SHORT_MOST,
    Kind.LONG: ANSWER_MOST,
    Kind.EMAIL: SHORT_MOST,
    Kind.PHONE: PHONE_MOST,
}
"""Characters that a text of this kind may have; an administrator may ask for fewer."""
MOST_MEANING: Mapping[Meaning, int] = {
    Meaning.FIRST_NAME: 100,
    Meaning.LAST_NAME: 100,
    Meaning.ORGANISATION: 100,
    Meaning.CODE: 100,
    Meaning.PHONE: PHONE_MOST,
}
AUTOCOMPLETE: Mapping[Meaning, str] = {
    Meaning.ADDRESS: "email",
    Meaning.FIRST_NAME: "given-name",
    Meaning.LAST_NAME: "family-name",
    Meaning.ORGANISATION: "organization",
    Meaning.PHONE: "tel",
}
"""What a browser may fill in by itself (WCAG 2.2, 1.3.5): only what is asked of the visitors themselves."""
ROWS, QUESTION_ROWS = 4, 7


class Line(forms.CharField):
    """A text of one line, whatever was sent: it may become a header of a mail."""

    def to_python(self, value: Any) -> str:
        """The text without line breaks and other signs that nobody types."""
        return one_line(super().to_python(value) or "")


class Lines(forms.CharField):
    """A text of several lines, where a line's end is one character, as a browser counts it."""

    def to_python(self, value: Any) -> str:
        """The text with its lines' ends as we keep them."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Address(Line):
    """A mail address, as it was written."""

    def validate(self, value: str) -> None:
        """Refuse what no mail could be sent to, or what would be read as another address."""
        super().validate(value)
        if value and not (is_address(value) and read_addresses(value) == [("", value)]):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class Phone(Line):
    """A number to ring, with whatever one writes beside it."""

    def validate(self, value: str) -> None:
        """Refuse what has too few figures."""
        super().validate(value)
        if value and sum(sign.isdigit() for sign in value) < PHONE_DIGITS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class ManyFiles(forms.FileInput):
    """Files to choose, as many as one likes."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, Any]", name: str
    ) -> list[Any]:
        """Nothing: what came is kept before the form is read, and hangs on its token."""
        return []


class KeptFiles(forms.Field):
    """Files, of `most` bytes with those that were kept for the form already (`kept`).

    There has to be one of either, if it is required.
    """

    def __init__(self, *, kept: bool, most: int, **common: Any) -> None:
        super().__init__(widget=ManyFiles(), **common)
        self.kept, self.most = kept, most

    def validate(self, value: object) -> None:
        """Ask for one that is needed."""
        if not self.kept:
            super().validate(value)


class Gone(forms.MultipleChoiceField):
    """Which of the kept files are to go; they are gone by the time that it is asked."""

    def validate(self, value: list[str]) -> None:
        """Whatever was ticked."""


def make_field(field: FieldSpec, *, language: str, has_files: bool, files_most: int) -> forms.Field:
    """The field of a form, in the reader's language, which is active.

    `has_files`: some are kept already; `files_most`: the bytes that all of the form may have.
    """
    common = {
        "label": field.label.in_language(language),
        "help_text": field.help.in_language(language),
        "required": field.is_required,
    }
    if field.kind is Kind.FILE:
        most = _("At most %(size)s together.") % {"size": size_in_words(files_most)}
        common["help_text"] = f"{common['help_text']} {most}".strip()
        return KeptFiles(kept=has_files, most=files_most, error_messages=_said_of_files(common), **common)
    return MAKERS[field.kind](field, language, common)


def most_of(field: FieldSpec) -> int:
    """The characters that a text may have."""
    limits = [MOST_OF[field.kind], MOST_MEANING.get(field.meaning, ANSWER_MOST)]
    return min(*limits, int(field.most) if field.most is not None else ANSWER_MOST)


def _text(kind: type[forms.CharField], field: FieldSpec, common: Common, *, invalid: str = "") -> forms.Field:
    attrs = {"autocomplete": AUTOCOMPLETE[field.meaning]} if field.meaning in AUTOCOMPLETE else {}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if field.kind is Kind.LONG:
        rows = QUESTION_ROWS if field.meaning is Meaning.QUESTION else ROWS
        widget = forms.Textarea(attrs={"rows": rows})
    elif field.kind in INPUT_TYPES:
        widget.input_type = INPUT_TYPES[field.kind]  # type: ignore[attr-defined]  # a TextInput
    label = common["label"]
    too_long = _("'%(field)s' may have at most %(most)s characters. Shorten it.")
    too_short = _("'%(field)s' needs at least %(least)s characters.")
    most, least = most_of(field), int(field.least) if field.least is not None else None
    said = said_of(label, invalid) | {
        "max_length": _literal(too_long, field=label, most=most),
        "min_length": _literal(too_short, field=label, least=least),
    }
    return kind(max_length=most, min_length=least, widget=widget, error_messages=said, **common)


def _short(field: FieldSpec, language: str, common: Common) -> forms.Field:
    return _text(Line, field, common)


def _long(field: FieldSpec, language: str, common: Common) -> forms.Field:
    return _text(Lines, field, common)


def _email(field: FieldSpec, language: str, common: Common) -> forms.Field:
    return _text(
        Address, field, common, invalid=_("Give one e-mail address in '%(field)s', as ann@mail.example.")
    )


def _phone(field: FieldSpec, language: str, common: Common) -> forms.Field:
    return _text(Phone, field, common, invalid=_("Give a phone number in '%(field)s', as 06-12345678."))


def _number(field: FieldSpec, language: str, common: Common) -> forms.Field:
    label, said = common["label"], dict[str, str]()
    validators: list[Callable[[Any], None]] = []
    if field.least is not None:
        validators.append(MinValueValidator(field.least))
        said["min_value"] = _literal(
            _("'%(field)s' is at least %(least)s."),
            field=label,
            least=number_format(field.least.normalize() + 0),
        )
    if field.most is not None:
        validators.append(MaxValueValidator(field.most))
        said["max_value"] = _literal(
            _("'%(field)s' is at most %(most)s."), field=label, most=number_format(field.most.normalize() + 0)
        )
    made = number_field(label, common, **said)
    made.validators += validators
    return made


def _date(field: FieldSpec, language: str, common: Common) -> forms.Field:
    return date_field(common["label"], common)


def _choice(field: FieldSpec, language: str, common: Common) -> forms.Field:
    choices = [("", _("- nothing -")), *_choices(field, language)]
    return forms.ChoiceField(choices=choices, error_messages=said_of_choices(common["label"]), **common)


def _several(field: FieldSpec, language: str, common: Common) -> forms.Field:
    label = common["label"]

    def check(chosen: list[str]) -> None:
        if field.least is not None and len(chosen) < field.least:
            said = _("Choose at least %(least)s in '%(field)s'.")
            raise ValidationError(said % {"field": label, "least": int(field.least)})
        if field.most is not None and len(chosen) > field.most:
            said = _("Choose at most %(most)s in '%(field)s'.")
            raise ValidationError(said % {"field": label, "most": int(field.most)})

    return forms.MultipleChoiceField(
        choices=_choices(field, language),
        widget=Boxes(),
        error_messages=said_of_choices(label),
        validators=[check],
        **common,
    )


def _tick(field: FieldSpec, language: str, common: Common) -> forms.Field:
    made = tick_field(common["label"], common)
    made.widget.attrs["value"] = TICKED
    return made


def _choices(field: FieldSpec, language: str) -> list[tuple[str, str]]:
    return [(choice.key, choice.name.in_language(language)) for choice in field.choices]


def _said_of_files(common: Common) -> dict[str, str]:
    return {"required": _("Choose a file in '%(field)s'.") % {"field": common["label"]}}


def _literal(sentence: str, **words: object) -> str:
    """The sentence filled in, in which Django, who fills in values of its own, finds nothing to fill in."""
    return (sentence % words).replace("%", "%%")


INPUT_TYPES: Mapping[Kind, str] = {Kind.EMAIL: "email", Kind.PHONE: "tel"}
MAKERS: Mapping[Kind, Callable[[FieldSpec, str, Common], forms.Field]] = {
    Kind.SHORT: _short,
    Kind.LONG: _long,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.TICK: _tick,
}
