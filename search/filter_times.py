"""Times that tickets are searched by: between two days, or by how long ago or ahead they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from search.filter_kinds import SearchAttribute, Together
from tickets.free_forms import DATES
from tickets.free_values import YEARS

MOST: Final = 9_999
"""So many hours, days or weeks at most."""

OLDER, NEWER, WITHIN, BEYOND = "older", "newer", "within", "beyond"
PAST: Final = (
    (OLDER, gettext_lazy("longer ago than")),
    (NEWER, gettext_lazy("in the last")),
)
COMING: Final = (
    *PAST,
    (WITHIN, gettext_lazy("in the next")),
    (BEYOND, gettext_lazy("later than in")),
)
UNITS: Final = (
    ("days", pgettext_lazy("of time", "days")),
    ("weeks", pgettext_lazy("of time", "weeks")),
    ("hours", pgettext_lazy("of time", "hours")),
)
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Age:
    """How far from now, and on which side of that."""

    how: str
    n: int
    unit: str

    def condition(self, column: str, *, now: datetime) -> Q:
        """That a column has such a time."""
        span = timedelta(**{self.unit: self.n})
        match self.how:
            case "older":
                return Q(**{f"{column}__lt": now - span})
            case "newer":
                return Q(**{f"{column}__gte": now - span, f"{column}__lte": now})
            case "within":
                return Q(**{f"{column}__gte": now, f"{column}__lte": now + span})
        return Q(**{f"{column}__gt": now + span})


class DayField(forms.DateField):
    """A day of a year that a date can have."""

    def __init__(self, label: str | Promise) -> None:
        box = forms.DateInput(attrs={"type": "date", "aria-label": label}, format=DATES[0])
        super().__init__(required=False, input_formats=DATES, widget=box)

    def clean(self, value: Any) -> date | None:
        """The day; raises `ValidationError`."""
        day: date | None = super().clean(value)
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise ValidationError(_("Give a year from 1900 to 2199."))
        return day


class DaysField(forms.MultiValueField):
    """From a day to a day, of which one may be left open; both count in whole."""

    def __init__(self, **kwargs: Any) -> None:
        fields = (DayField(gettext_lazy("from the day")), DayField(gettext_lazy("up to and with the day")))
        widget = Together({"after": fields[0].widget, "before": fields[1].widget})
        widget.between = gettext_lazy("up to and with")
        super().__init__(fields=fields, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: list[date | None]) -> Days | None:
        """The two days, if there is one at least; raises `ValidationError` if they stand the wrong way."""
        if not any(data_list):
            return None
        after, before = data_list
        if after and before and after > before:
            raise ValidationError(_("The first day comes after the last: swap them."))
        return after, before


class AgeField(forms.MultiValueField):
    """Longer ago than, or within, a number of hours, days or weeks."""

    def __init__(self, *, ways: tuple[tuple[str, Any], ...], **kwargs: Any) -> None:
        number = forms.TextInput(
            attrs={"inputmode": "numeric", "maxlength": 4, "aria-label": gettext_lazy("how many")}
        )
        fields = (
            forms.ChoiceField(choices=ways, required=False),
            forms.IntegerField(
                min_value=1,
                max_value=MOST,
                required=False,
                widget=number,
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), gettext_lazy("Give a whole number from 1 to 9999.")
                ),
            ),
            forms.ChoiceField(choices=UNITS, required=False),
        )
        fields[0].widget.attrs["aria-label"] = gettext_lazy("before or after")
        fields[2].widget.attrs["aria-label"] = gettext_lazy("hours, days or weeks")
        widgets = dict(zip(("how", "n", "unit"), (field.widget for field in fields), strict=True))
        super().__init__(fields=fields, require_all_fields=False, widget=Together(widgets), **kwargs)

    def compress(self, data_list: list[Any]) -> Age | None:
        """The age, if there is a number."""
        how, n, unit = data_list or ("", None, "")
        return None if n is None else Age(how or OLDER, n, unit or "days")


class Times(SearchAttribute):
    """A time of a ticket."""

    def __init__(self, *, column: str, **extra: Any) -> None:
        self.column = column
        super().__init__(group="times", **extra)


class Between(Times):
    """A time between two days, by the clock of the house."""

    field_class = DaysField
    suffixes: ClassVar[tuple[str, ...]] = ("_after", "_before")

    def condition(self, value: Days) -> Q:
        """From the beginning of the first day to the end of the last."""
        return within(self.column, value)

    def words(self, value: Days) -> str:
        """As 'from 1-1-2026 to 24-11-2026'."""
        return words_of_days(value)


class Ago(Times):
    """A time by how far it is from now."""

    field_class = AgeField
    suffixes: ClassVar[tuple[str, ...]] = ("_how", "_n", "_unit")

    def __init__(self, *, ways: tuple[tuple[str, Any], ...] = PAST, **extra: Any) -> None:
        super().__init__(ways=ways, **extra)

    def condition(self, value: Age) -> Q:
        """Counted from the moment at which it is asked."""
        return value.condition(self.column, now=timezone.now())

    def words(self, value: Age) -> str:
        """As 'longer ago than 3 days'."""
        return f"{dict(COMING)[value.how]} {SPANS[value.unit](value.n)}"


SPANS: Final[Mapping[str, Any]] = {
    "hours": lambda n: ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n},
    "days": lambda n: ngettext("%(n)s day", "%(n)s days", n) % {"n": n},
    "weeks": lambda n: ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n},
}


def within(column: str, days: Days) -> Q:
    """That a moment lies on one of these days, here."""
    after, before = days
    condition = Q()
    if after:
        condition &= Q(**{f"{column}__gte": _begin(after)})
    if before:
        condition &= Q(**{f"{column}__lt": _begin(before + timedelta(days=1))})
    return condition


def words_of_days(days: Days) -> str:
    """These days, as one says them."""
    after, before = (date_format(day, "d-m-Y") if day else "" for day in days)
    if after and before:
        return _("%(after)s to %(before)s") % {"after": after, "before": before}
    if after:
        return _("from %(after)s on") % {"after": after}
    return _("up to %(before)s") % {"before": before}


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
