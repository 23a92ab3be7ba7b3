"""The form of a calendar: a line of hours for each weekday, boxes for Dutch holidays, and other days off.

Its row keeps JSON (see `queues.models.Calendar`); who sets working hours reads and writes words.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from queues.models import Calendar
from queues.worktime import DUTCH, DUTCH_HOLIDAYS, EACH_FIVE_YEARS

CLOCK = r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?"
SPAN = re.compile(rf"\s*{CLOCK}\s*[-–]\s*{CLOCK}\s*")
DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})(?:-([0-9]{4}))?")
KEPT_DAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
LEAP_YEAR = 2000
WEEK = range(7)
NAMED_MOST = 60
"""How much of what was typed a sentence says again."""


class SpansField(forms.CharField):
    """The hours of a weekday: '09:00-12:30, 13:00-17:00' → [['09:00', '12:30'], ['13:00', '17:00']]."""

    def clean(self, value: Any) -> Any:
        """Raise a sentence for what are no hours."""
        typed = super().clean(value)
        return [self._span(part, typed) for part in typed.split(",") if part.strip()]

    def _span(self, part: str, typed: str) -> list[str]:
        found = SPAN.fullmatch(part)
        clocks = [f"{int(found[at]):02}:{found[at + 1] or '00'}" for at in (1, 3)] if found else ["", ""]
        if not found or max(clocks) > "24:00" or clocks[0] == clocks[1]:
            sentence = _("'%(typed)s' are no hours: write them as 09:00-12:30, 13:00-17:00.")
            raise ValidationError(sentence, params={"typed": Truncator(typed).chars(NAMED_MOST)})
        return clocks


class WeekWidget(forms.MultiWidget):
    """A line for each weekday."""

    template_name = "admin/queues/week.html"

    def __init__(self) -> None:
        super().__init__([forms.TextInput(attrs={"autocomplete": "off"}) for _weekday in WEEK])

    def decompress(self, value: Any) -> list[str]:
        """The hours of each day in words; what is no hours is left out, as it is where they are read."""
        hours = value if isinstance(value, dict) else {}
        return [", ".join(_spans_in_words(hours.get(str(weekday)))) for weekday in WEEK]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Also the days' names."""
        context = super().get_context(name, value, attrs)
        lines = zip(WEEKDAYS.values(), context["widget"]["subwidgets"], strict=True)
        context["lines"] = [{"day": day, "widget": widget} for day, widget in lines]
        return context


class WeekField(forms.MultiValueField):
    """Hours as a calendar keeps them: weekday → pairs; a day without any is left out."""

    widget = WeekWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([SpansField(required=False) for _weekday in WEEK], required=False, **kwargs)

    def compress(self, data_list: Sequence[list[list[str]]]) -> dict[str, list[list[str]]]:
        """By the number of the weekday."""
        return {str(weekday): spans for weekday, spans in enumerate(data_list) if spans}


class DaysField(forms.CharField):
    """Days off, a line each: '24-12-2026' → '2026-12-24', and '31-12' of each year → '12-31'."""

    def clean(self, value: Any) -> Any:
        """Raise a sentence for what is no day."""
        return [_kept_day(line.strip()) for line in super().clean(value).splitlines() if line.strip()]


class HolidaysWidget(forms.MultiWidget):
    """Dutch holidays to tick, and a box for other days."""

    template_name = "admin/queues/holidays.html"

    def __init__(self) -> None:
        choices = [(DUTCH + key, _holiday(key)) for key in DUTCH_HOLIDAYS]
        super().__init__([forms.CheckboxSelectMultiple(choices=choices), forms.Textarea(attrs={"rows": 4})])

    def decompress(self, value: Any) -> list[Any]:
        """What is ticked, and the other days in words."""
        return _shown(value)


class HolidaysField(forms.MultiValueField):
    """Holidays as a calendar keeps them: a list."""

    widget = HolidaysWidget

    def __init__(self, **kwargs: Any) -> None:
        choices = [(DUTCH + key, key) for key in DUTCH_HOLIDAYS]
        fields = [forms.MultipleChoiceField(choices=choices, required=False), DaysField(required=False)]
        super().__init__(fields, required=False, **kwargs)

    def compress(self, data_list: Sequence[list[str]]) -> list[str]:
        """The ticked ones and the others in one list."""
        return [day for days in data_list for day in days]

    def prepare_value(self, value: Any) -> Any:
        """What is kept, as the form shows it: its widget takes any list for what came from a form."""
        match value:
            case [list(), _]:
                return value
        return _shown(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was shown."""
        return super().has_changed(self.prepare_value(initial), data)


def _spans_in_words(pairs: object) -> Iterator[str]:
    for pair in pairs if isinstance(pairs, list) else []:
        match pair:
            case [str() as opens, str() as closes]:
                yield f"{opens}-{closes}"


def _shown(kept: object) -> list[Any]:
    """What is ticked, and the other days in words."""
    days = [day for day in kept if isinstance(day, str)] if isinstance(kept, list) else []
    return [[day for day in days if day.startswith(DUTCH)], "\n".join(_days_in_words(days))]


def _days_in_words(days: Sequence[str]) -> Iterator[str]:
    for kept in days:
        if found := KEPT_DAY.fullmatch(kept):
            year, month, day = found.groups()
            yield f"{day}-{month}-{year}" if year else f"{day}-{month}"


def _kept_day(line: str) -> str:
    found = DAY.fullmatch(line)
    try:
        day = date(int(found[3] or LEAP_YEAR), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        sentence = _("'%(typed)s' is no day: write 24-12-2026, or 31-12 for each year.")
        raise ValidationError(sentence, params={"typed": Truncator(line).chars(NAMED_MOST)})
    return f"{day:%m-%d}" if found[3] is None else f"{day.year:04}-{day:%m-%d}"


def _holiday(key: str) -> Any:
    name = DUTCH_HOLIDAYS[key]
    return _("Bevrijdingsdag, every five years") if key in EACH_FIVE_YEARS else name


class CalendarForm(forms.ModelForm[Calendar]):
    """Working hours and days off, in words."""

    hours = WeekField(
        label=capfirst(_("hours")),
        help_text=_(
            "As 09:00-12:30, 13:00-17:00; nothing: closed. 22:00-06:00 goes on into the next day, 24:00 is "
            "its end."
        ),
    )
    holidays = HolidaysField(label=capfirst(_("holidays")))
