"""Calendars as an admin stores them: JSON that is read whatever is in it, and Dutch holidays by name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from queues.calendars import calendar_of, new_terms
from queues.models import Calendar, Queue
from queues.worktime import ALWAYS, DUTCH_HOLIDAYS, add_working_time, read_calendar
from tests.factories import make_queue

EVERY_DAY = {str(day): [["08:00", "17:00"]] for day in range(7)}


def holidays_of(key: str, year: int) -> list[str]:
    """The days of a year that a calendar with this holiday has off, as '04-27'."""
    calendar = read_calendar(hours=EVERY_DAY, holidays=[key], time_zone="UTC", default_zone="UTC")
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [f"{day:%m-%d}" for day in days if day.year == year and calendar.is_holiday(day)]


@pytest.mark.parametrize(
    ("year", "dates"),
    [
        (
            2026,
            {
                "new_years_day": "01-01",
                "good_friday": "04-03",
                "easter_sunday": "04-05",
                "easter_monday": "04-06",
                "kings_day": "04-27",
                "liberation_day": "05-05",
                "ascension_day": "05-14",
                "whit_sunday": "05-24",
                "whit_monday": "05-25",
                "christmas_day": "12-25",
                "second_christmas_day": "12-26",
            },
        ),
        (2025, {"kings_day": "04-26", "liberation_day_each_five_years": "05-05"}),
        (2016, {"liberation_day": "05-05", "ascension_day": "05-05"}),
    ],
)
def test_dutch_holidays_fall_where_they_fall(year: int, dates: dict[str, str]) -> None:
    assert {key: holidays_of(f"nl:{key}", year) for key in dates} == {
        key: [day] for key, day in dates.items()
    }


def test_every_dutch_holiday_comes_each_year() -> None:
    missing = {
        key
        for year in range(2025, 2040)
        for key in DUTCH_HOLIDAYS
        if len(holidays_of(f"nl:{key}", year)) != 1
    }

    assert missing == {"liberation_day_each_five_years"}
    assert holidays_of("nl:kings_day", 1) == []


def test_a_dutch_holiday_that_is_not_known_is_left_out() -> None:
    assert holidays_of("nl:carnival", 2026) == []


def test_plain_dates_and_days_of_each_year_are_holidays() -> None:
    holidays = ["2026-12-24", "12-31", "02-29"]
    calendar = read_calendar(hours=EVERY_DAY, holidays=holidays, time_zone="UTC", default_zone="UTC")

    assert calendar.is_holiday(date(2026, 12, 24))
    assert not calendar.is_holiday(date(2027, 12, 24))
    assert calendar.is_holiday(date(2031, 12, 31))
    assert calendar.is_holiday(date(2028, 2, 29))


@pytest.mark.parametrize(
    "hours",
    [
        None,
        [],
        "08:00-17:00",
        17,
        {"0": None, "1": "08:00", "2": [["08:00"]], "3": [[8, 17]], "4": [["08:00", "17:00", "18:00"]]},
        {"0": [["25:00", "26:00"]], "1": [["08:61", "17:00"]], "2": [["-1:00", "5:00"]], "3": [["", ""]]},
        {"7": [["08:00", "17:00"]], "monday": [["08:00", "17:00"]]},
        {
            "0": {"08:00": "17:00"},
            "1": [{"08:00": "17:00"}],
            "2": [["24:00", "24:00"]],
            "3": [["24:00", "08:00"]],
        },
        {"0": [["٠٨:٠٠", "١٧:٠٠"]]},
    ],
)
def test_hours_that_make_no_sense_are_left_out(hours: object) -> None:
    calendar = read_calendar(hours=hours, holidays=[], time_zone="UTC", default_zone="UTC")

    assert not any(calendar.hours)


@pytest.mark.parametrize(
    "holidays",
    [None, {}, "2026-12-25", 3, [None, 3, ["2026-12-25"], "2026-13-01", "13-01", "00-00", "nl:", "x"]],
)
def test_holidays_that_make_no_sense_are_left_out(holidays: object) -> None:
    calendar = read_calendar(hours=EVERY_DAY, holidays=holidays, time_zone="UTC", default_zone="UTC")

    assert not any((calendar.dates, calendar.yearly, calendar.dutch))


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Europe/Nergens", "../../etc/passwd", "/etc/localtime", "\0", "x" * 5_000]
)
def test_the_house_clock_stands_for_a_zone_that_is_not_known(zone: str) -> None:
    calendar = read_calendar(hours=EVERY_DAY, holidays=[], time_zone=zone, default_zone="Europe/Amsterdam")

    assert calendar.zone == ZoneInfo("Europe/Amsterdam")


def test_no_more_is_read_than_a_calendar_can_need() -> None:
    many = [f"{hour:02}:{minute:02}" for hour in range(20) for minute in range(0, 60, 2)]
    calendar = read_calendar(
        hours={"0": [[clock, clock[:-1] + "1"] for clock in many]},
        holidays=[str(date(2000, 1, 1) + timedelta(days=n)) for n in range(100_000)],
        time_zone="UTC",
        default_zone="UTC",
    )

    assert len(calendar.hours[0]) <= 48
    assert len(calendar.dates) == 2_000


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["08:00", "24:00", "nl:x"]),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.sampled_from("0123456x"), values, max_size=3)
    ),
    max_leaves=20,
)


@settings(max_examples=50)
@given(hours=json_values, holidays=json_values, zone=st.text(max_size=20))
def test_no_json_breaks_the_reading(hours: Any, holidays: Any, zone: str) -> None:
    calendar = read_calendar(hours=hours, holidays=holidays, time_zone=zone, default_zone="UTC")

    add_working_time(datetime(2026, 11, 24, tzinfo=UTC), timedelta(hours=1), calendar)


def office() -> Calendar:
    return Calendar.objects.create(name="Kantoor", hours={"1": [["08:00", "17:00"]]})


@pytest.mark.django_db
def test_a_queue_without_a_calendar_always_works() -> None:
    assert calendar_of(make_queue()) is ALWAYS


@pytest.mark.django_db
def test_a_calendar_is_read_once_and_again_when_the_queue_has_new_terms() -> None:
    queue = make_queue(calendar=office())
    with CaptureQueriesContext(connection) as asked:
        assert calendar_of(queue).hours[1] == ((480, 1020),)
        assert calendar_of(queue) is calendar_of(Queue.objects.get(pk=queue.pk))
    assert sum("queues_calendar" in query["sql"] for query in asked) == 1

    Calendar.objects.update(hours={"1": [["09:00", "17:00"]]})
    new_terms(Queue.objects.filter(pk=queue.pk))
    assert calendar_of(Queue.objects.get(pk=queue.pk)).hours[1] == ((540, 1020),)
