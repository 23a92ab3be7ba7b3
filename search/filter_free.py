"""Free fields as attributes that tickets are searched by: one for each kind, on the rows of its type."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.filter_kinds import Choice, Choices, Contained, SearchAttribute, Together
from search.filter_times import Days, DaysField, within, words_of_days
from tickets.free_forms import Number
from tickets.models import FreeField, FreeValue
from tickets.models.free_field import COLUMNS, NUMBER_DIGITS, NUMBER_PLACES

if TYPE_CHECKING:
    from search.filters import TicketFilter

Kind = FreeField.Kind
PREFIX = "free_"
DIGITS_MOST = 18
"""Digits of an id that the database can hold."""

Numbers = tuple[Decimal | None, Decimal | None]


def ids_named(names: Iterable[str]) -> set[int]:
    """The ids of the free fields that a query string asks about."""
    tails = (name.removeprefix(PREFIX).split("_")[0] for name in names if name.startswith(PREFIX))
    return {int(tail) for tail in tails if tail.isascii() and tail.isdigit() and len(tail) <= DIGITS_MOST}


def fields_for(queues: Collection[int], *, ids: Collection[int], and_all: bool = False) -> list[FreeField]:
    """The fields of one of these queues that have these ids, in use or not, `and_all` that are in use.

    With their choices: one statement if there are none, else two.
    """
    fields = FreeField.objects.filter(Q(queues=None) | Q(queues__in=sorted(queues))).distinct()
    wanted = Q(pk__in=ids) | Q(is_active=True) if and_all else Q(pk__in=ids)
    return list(fields.filter(wanted).prefetch_related("choices"))


class NumbersField(forms.MultiValueField):
    """From a number to a number, of which one may be left open."""

    def __init__(self, **kwargs: Any) -> None:
        fields = tuple(
            Number(max_digits=NUMBER_DIGITS, decimal_places=NUMBER_PLACES, required=False, widget=_box(label))
            for label in (gettext_lazy("from the number"), gettext_lazy("up to and with the number"))
        )
        widget = Together({"min": fields[0].widget, "max": fields[1].widget})
        widget.between = gettext_lazy("up to and with")
        super().__init__(fields=fields, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: list[Decimal | None]) -> Numbers | None:
        """The two numbers, if there is one; raises `ValidationError` if they stand the wrong way."""
        if not data_list or data_list == [None, None]:
            return None
        least, most = data_list
        if least is not None and most is not None and least > most:
            raise ValidationError(_("The first number is greater than the last: swap them."))
        return least, most


def _box(label: Any) -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": "decimal", "maxlength": NUMBER_DIGITS + 2, "aria-label": label}
    )


class FreeTexts(Contained):
    """Words in a free text."""

    def __init__(self, *, free: FreeField, **extra: Any) -> None:
        self.free = free
        super().__init__(column=COLUMNS[free.kind], **extra)

    def condition(self, value: str) -> Q:
        """All of the words."""
        return _holds(self.free, super().condition(value))


class FreeNumbers(SearchAttribute):
    """A number between two."""

    field_class = NumbersField
    suffixes: ClassVar[tuple[str, ...]] = ("_min", "_max")

    def __init__(self, *, free: FreeField, **extra: Any) -> None:
        self.free = free
        super().__init__(**extra)

    def condition(self, value: Numbers) -> Q:
        """Both ends count."""
        least, most = value
        condition = Q() if least is None else Q(number__gte=least)
        return _holds(self.free, condition if most is None else condition & Q(number__lte=most))

    def words(self, value: Numbers) -> str:
        """As 'from 1 to 5'."""
        least, most = ("" if end is None else number_format(end.normalize() + 0) for end in value)
        if least and most:
            return _("%(after)s to %(before)s") % {"after": least, "before": most}
        return (
            _("from %(after)s on") % {"after": least} if least else _("up to %(before)s") % {"before": most}
        )


class FreeDays(SearchAttribute):
    """A date, or a moment, between two days."""

    field_class = DaysField
    suffixes: ClassVar[tuple[str, ...]] = ("_after", "_before")

    def __init__(self, *, free: FreeField, **extra: Any) -> None:
        self.free = free
        super().__init__(**extra)

    def condition(self, value: Days) -> Q:
        """Both days count in whole."""
        if self.free.kind == Kind.MOMENT:
            return _holds(self.free, within("moment", value))
        after, before = value
        condition = Q(date__gte=after) if after else Q()
        return _holds(self.free, condition & Q(date__lte=before) if before else condition)

    def words(self, value: Days) -> str:
        """As 'from 1-1-2026 to 24-11-2026'."""
        return words_of_days(value)


def attribute_of(free: FreeField) -> SearchAttribute:
    """The attribute that a free field is."""
    common: dict[str, Any] = {"label": str(free), "group": "free"}
    match free.kind:
        case Kind.SHORT | Kind.LONG:
            return FreeTexts(free=free, **common)
        case Kind.NUMBER:
            return FreeNumbers(free=free, **common)
        case Kind.DATE | Kind.MOMENT:
            return FreeDays(free=free, **common)
        case Kind.TICK:
            return _tick(free, common)
    return _rows(free, common)


def _rows(free: FreeField, common: dict[str, Any]) -> Choices:
    choices: list[Choice] = [(str(choice.pk), str(choice)) for choice in free.choices.all()]

    def where(_filters: "TicketFilter", chosen: list[str]) -> Q:
        return _holds(free, Q(choice__in=[int(key) for key in chosen]))

    return Choices(offered=lambda _filters: choices, where=where, **common)


def _tick(free: FreeField, common: dict[str, Any]) -> Choices:
    choices: list[Choice] = [("1", gettext_lazy("ticked")), ("0", gettext_lazy("not ticked"))]

    def where(_filters: "TicketFilter", chosen: list[str]) -> Q:
        is_ticked = _holds(free, Q(tick=True))
        either = Q(is_ticked) if "1" in chosen else Q(pk__in=[])
        return either | ~is_ticked if "0" in chosen else either

    return Choices(offered=lambda _filters: choices, where=where, **common)


def _holds(free: FreeField, condition: Q) -> Q:
    """That a ticket has a row of this field for which that is so."""
    return Q(Exists(FreeValue.objects.filter(condition, ticket=OuterRef("pk"), field=free)))
