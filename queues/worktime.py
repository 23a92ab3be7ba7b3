"""Working time: when so much of it will have passed, and how much of it lies between two moments.

Pure: plain values in and out, no database, no settings. One sentence defines it: a moment counts when the
clock on the wall of the calendar's time zone shows working hours of a day that is no holiday. So what the
clock skips in spring does not count, and what it shows twice in autumn counts twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

MINUTE, DAY, WEEK, YEAR = timedelta(minutes=1), timedelta(days=1), timedelta(days=7), timedelta(days=366)
DAY_MINUTES = 24 * 60
YEARS_MOST = 10
PAIRS_MOST = 48
HOLIDAYS_MOST = 2_000

DUTCH = "nl:"
DUTCH_HOLIDAYS = {
    "new_years_day": "Nieuwjaarsdag",
    "good_friday": "Goede vrijdag",
    "easter_sunday": "Eerste paasdag",
    "easter_monday": "Tweede paasdag",
    "kings_day": "Koningsdag",
    "liberation_day": "Bevrijdingsdag",
    "liberation_day_each_five_years": "Bevrijdingsdag",
    "ascension_day": "Hemelvaartsdag",
    "whit_sunday": "Eerste pinksterdag",
    "whit_monday": "Tweede pinksterdag",
    "christmas_day": "Eerste kerstdag",
    "second_christmas_day": "Tweede kerstdag",
}
"""What a calendar's JSON calls a Dutch holiday (after 'nl:') → what the package `holidays` calls it."""
EACH_FIVE_YEARS = frozenset({"liberation_day_each_five_years"})

Span = tuple[int, int]
"""Working hours of a day: from and until, in minutes since midnight, 0 ≤ from < until ≤ 1440."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When is worked. `hours`: the spans of each weekday, Monday first, in order and apart from each other.

    Holidays are single dates, (month, day) of each year, and keys of `DUTCH_HOLIDAYS`.
    """

    zone: ZoneInfo
    hours: tuple[tuple[Span, ...], ...]
    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    dutch: frozenset[str] = frozenset()

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works that day, whatever the weekday."""
        return (
            day in self.dates
            or (day.month, day.day) in self.yearly
            or (bool(self.dutch) and not self.dutch.isdisjoint(_dutch_days(day.year).get(day, ())))
        )

    def holiday_name(self, day: date) -> str:
        """What a Dutch holiday of this calendar is called; '' for any other day."""
        keys = self.dutch & _dutch_days(day.year).get(day, frozenset()) if self.dutch else ()
        return next((DUTCH_HOLIDAYS[key] for key in sorted(keys)), "")

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working hours of that day."""
        spans = self.hours[day.weekday()]
        return () if not spans or self.is_holiday(day) else spans


ALWAYS = WorkCalendar(zone=ZoneInfo("UTC"), hours=(((0, DAY_MINUTES),),) * 7)
"""Every minute counts."""


def add_working_time(start: datetime, amount: timedelta, calendar: WorkCalendar) -> datetime | None:
    """The first moment by which so much working time has passed since `start`, in UTC.

    It lies within working hours, or at their very end; no time at all ends where work begins. None where a
    whole year has no working time, or ten years have not enough of it.
    """
    left, since = amount, start.astimezone(UTC)
    for _year in range(YEARS_MOST if any(calendar.hours) else 0):
        worked = False
        for begin, end in _worked(calendar, since, since + YEAR):
            if end - begin >= left:
                return begin + left
            left -= end - begin
            worked = True
        if not worked:
            break
        since += YEAR
    return None


def working_time_between(begin: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """How much working time lies between two moments; negative where `end` is the earlier one."""
    if end < begin:
        return -working_time_between(end, begin, calendar)
    if not any(calendar.hours):
        return timedelta()
    worked = _worked(calendar, begin.astimezone(UTC), end.astimezone(UTC))
    return sum((until - since for since, until in worked), timedelta())


def read_calendar(*, hours: object, holidays: object, time_zone: str, default_zone: str) -> WorkCalendar:
    """A calendar from the JSON of its row (see `queues.models.Calendar`).

    What can't be understood is left out, and `default_zone` stands for a time zone that is not known: a slip
    of an admin stops no mail.
    """
    entries = [entry for entry in _listed(holidays, most=HOLIDAYS_MOST) if isinstance(entry, str)]
    dates = (_date(entry) for entry in entries)
    yearly = (_date(f"2000-{entry}") for entry in entries)
    return WorkCalendar(
        zone=_zone(time_zone) or ZoneInfo(default_zone),
        hours=_week(hours if isinstance(hours, dict) else {}),
        dates=frozenset(day for day in dates if day),
        yearly=frozenset((day.month, day.day) for day in yearly if day),
        dutch=frozenset(key for key in DUTCH_HOLIDAYS if f"{DUTCH}{key}" in entries),
    )


def _worked(calendar: WorkCalendar, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time between two moments in UTC, in order; neighbours may touch."""
    for begin, end, offset in _between_changes(calendar.zone, since, until):
        # What the clock on the wall shows, still labelled UTC.
        shown, shown_end = begin + offset, end + offset
        midnight = shown.replace(hour=0, minute=0, second=0, microsecond=0)
        while midnight < shown_end:
            for first, last in calendar.spans(midnight.date()):
                opens = max(midnight + first * MINUTE, shown)
                closes = min(midnight + last * MINUTE, shown_end)
                if opens < closes:
                    yield opens - offset, closes - offset
            midnight += DAY


def _between_changes(
    zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time between two moments in UTC cut where the clock changes, each piece with its offset to UTC.

    No zone changes its clock back and forth within one week.
    """
    offset = _offset(zone, since)
    while since < until:
        end = min(since + WEEK, until)
        after = _offset(zone, end)
        if after != offset:
            end = _change(zone, since, end)
            after = _offset(zone, end)
        if since < end:
            yield since, end, offset
        since, offset = end, after


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with another offset than `before`; `after` has one already."""
    offset = _offset(zone, before)
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    while (seconds := (after - before) // timedelta(seconds=1)) > 1:
        middle = before + timedelta(seconds=seconds // 2)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@lru_cache(maxsize=64)
def _dutch_days(year: int) -> dict[date, frozenset[str]]:
    """The Dutch holidays of a year by date; two may fall on one day."""
    from holidays import country_holidays  # noqa: PLC0415  (17 MB, and only some calendars need it)

    official = country_holidays("NL", years=year, language="nl")
    every = country_holidays("NL", years=year, language="nl", categories=("public", "optional"))
    days: dict[date, frozenset[str]] = {}
    for key, name in DUTCH_HOLIDAYS.items():
        of_year = official if key in EACH_FIVE_YEARS else every
        for day in of_year.get_named(name, lookup="exact"):
            days[day] = days.get(day, frozenset()) | {key}
    return days


def _week(hours: dict[str, object]) -> tuple[tuple[Span, ...], ...]:
    """The spans of each weekday: what goes on after midnight belongs to the next day, and to its holidays."""
    week: list[list[Span]] = [[] for _weekday in range(7)]
    for weekday in range(7):
        for pair in _listed(hours.get(str(weekday)), most=PAIRS_MOST):
            first, last = _pair(pair)
            if first < last:
                week[weekday].append((first, last))
            elif last < first < DAY_MINUTES:
                week[weekday].append((first, DAY_MINUTES))
                week[(weekday + 1) % 7].append((0, last))
    return tuple(_apart(spans) for spans in week)


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap or touch made one, empty ones left out."""
    apart: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] < span[1]):
        if apart and first <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(apart[-1][1], last)
        else:
            apart.append((first, last))
    return tuple(apart)


def _listed(value: object, *, most: int) -> list[object]:
    return list(islice(value, most)) if isinstance(value, list) else []


def _pair(value: object) -> Span:
    """['08:00', '17:00'] in minutes; (0, 0) for what is no such pair."""
    match value:
        case [str() as opens, str() as closes]:
            first, last = _minutes(opens), _minutes(closes)
            return (0, 0) if first is None or last is None else (first, last)
    return (0, 0)


def _minutes(clock: str) -> int | None:
    """'08:30', and '24:00' for the end of the day, in minutes since midnight."""
    parts = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", clock.strip())
    minutes = int(parts[1]) * 60 + int(parts[2]) if parts else None
    return minutes if minutes is not None and minutes <= DAY_MINUTES else None


def _date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
