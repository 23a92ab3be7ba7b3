"""What stands in a free field: one value of its kind, checked, compared and in words.

A text is a `str`, a number a `Decimal`, a tick `True`; choices are their ids, of one choice as well. Nothing
in it is None: also an empty text, no choice, and a box that is not ticked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tickets.changing.changes import Side
from tickets.errors import BadInput
from tickets.models import FreeField, FreeValue
from tickets.models.free_field import COLUMNS, LONG_MOST, NUMBER_DIGITS, NUMBER_PLACES, SHORT_MOST

Value = str | Decimal | datetime | date | bool | tuple[int, ...] | None
"""What stands in a field."""
Values = Mapping[int, Value]
"""Id of a field → what stands in it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody has filled in: a field that is not named stays as it is.

    `shown`: by field the mark (`mark_of`) of what their page had shown in it, where it told that.
    """

    values: Values = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)


NOTHING_FILLED = Filled()

Kind = FreeField.Kind
TYPES: dict[str, type] = {
    Kind.SHORT: str,
    Kind.LONG: str,
    Kind.NUMBER: Decimal,
    Kind.DATE: date,
    Kind.MOMENT: datetime,
    Kind.CHOICE: tuple,
    Kind.SEVERAL: tuple,
    Kind.TICK: bool,
}
YEARS = (1900, 2199)
"""The first and the last year of a date: what lies beyond is a slip of the finger."""
TOLD_MOST = 200
"""How much of a long text the history tells."""


def name_of(field_id: int) -> str:
    """What a field is called on forms and in refusals."""
    return f"free_{field_id}"


def checked(field: FreeField, value: Value, *, present: Value) -> Value:
    """The value, if it can stand in the field; raises `BadInput`.

    A choice that is out of use may stay where it is (`present`), and can't be chosen anew.
    """
    if value is None or value is False or value in ("", ()):
        return None
    if not _is_right(field, value, present=present):
        raise BadInput(
            name_of(field.pk),
            _("This can't stand in '%(field)s'. Choose or type it anew.") % {"field": field},
        )
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _is_right(field: FreeField, value: Value, *, present: Value) -> bool:
    if type(value) is not TYPES[field.kind]:
        return False
    match value:
        case str():
            return len(value) <= (SHORT_MOST if field.kind == Kind.SHORT else LONG_MOST) and "\0" not in value
        case Decimal():
            fits = value.is_finite() and abs(value) < 10 ** (NUMBER_DIGITS - NUMBER_PLACES)
            return fits and value == round(value, NUMBER_PLACES)
        case date():
            return YEARS[0] <= value.year <= YEARS[1]
        case tuple():
            kept = present if isinstance(present, tuple) else ()
            known = {choice.pk for choice in field.choices.all() if choice.is_active or choice.pk in kept}
            return set(value) <= known and (field.kind == Kind.SEVERAL or len(value) == 1)
    return True


def key_of(value: Value) -> str | None:
    """What a value is compared by, and noted down as: the same for the same; of a long text a digest."""
    return None if value is None else KEYS[type(value)](value)


def mark_of(value: Value) -> str:
    """A short text that is the same for the same, for a page to carry."""
    return blake2b((key_of(value) or "").encode(), digest_size=8).hexdigest()


def words_of(field: FreeField, value: Value) -> str:
    """A value as the reader reads it; '' for nothing."""
    if isinstance(value, tuple):
        return ", ".join(str(choice) for choice in field.choices.all() if choice.pk in value)
    return "" if value is None else WORDS[type(value)](value)


def _text_key(text: str) -> str:
    return text if len(text) <= TOLD_MOST else blake2b(text.encode(), digest_size=16).hexdigest()


KEYS: Mapping[type, Callable[[Any], str]] = {
    str: _text_key,
    Decimal: lambda number: format(number.normalize(), "f"),
    date: date.isoformat,
    datetime: lambda moment: moment.astimezone(UTC).isoformat(),
    tuple: lambda ids: ",".join(str(choice_id) for choice_id in sorted(ids)),
    bool: lambda _ticked: "1",
}
WORDS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    Decimal: lambda number: number_format(number.normalize() + 0),
    date: lambda day: date_format(day, "d-m-Y"),
    datetime: lambda moment: date_format(localtime(moment), "d-m-Y H:i"),
    bool: lambda _ticked: _("yes"),
}
"""Type of a value → its words; those of choices are their rows'."""


def sides_of(field: FreeField, before: Value, after: Value) -> list[Side]:
    """What an event tells of a change, with the words of all languages as they are now."""
    return [_side(field, value) for value in (before, after)]


def _side(field: FreeField, value: Value) -> Side:
    names, labels = dict[str, str](), dict[str, str]()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names[language] = str(field)
            labels[language] = Truncator(words_of(field, value)).chars(TOLD_MOST)
    return Side(id=key_of(value), label=labels[settings.LANGUAGE_CODE], names=names, labels=labels)


def rows_of(ticket_id: int, field: FreeField, value: Value) -> list[FreeValue]:
    """The rows that a value is kept as."""
    column = COLUMNS[field.kind]
    whole = FreeValue(ticket_id=ticket_id, field=field, kind=field.kind)
    if isinstance(value, tuple):
        return [
            FreeValue(ticket_id=ticket_id, field=field, kind=field.kind, choice_id=number) for number in value
        ]
    setattr(whole, column, value)
    return [] if value is None else [whole]


def value_in(rows: Sequence[FreeValue]) -> Value:
    """The value that these rows of one field are kept as."""
    kind = rows[0].kind
    if COLUMNS[kind] == "choice":
        return tuple(sorted(row.choice_id for row in rows if row.choice_id is not None))
    value: Value = getattr(rows[0], COLUMNS[kind])
    return value
