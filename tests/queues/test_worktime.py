"""Working time, compared with counting every minute by the clock on the wall."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queues.worktime import ALWAYS, WorkCalendar, add_working_time, read_calendar, working_time_between

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
OFFICE: dict[str, object] = {str(day): [["08:00", "17:00"]] for day in range(5)}
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""When the Dutch clock goes on from 2 to 3, and back from 3 to 2."""


def calendar(hours: object = OFFICE, holidays: object = (), zone: str = "Europe/Amsterdam") -> WorkCalendar:
    days = list(holidays) if isinstance(holidays, tuple) else holidays
    return read_calendar(hours=hours, holidays=days, time_zone=zone, default_zone="Europe/Amsterdam")


def at(text: str, *, fold: int = 0) -> datetime:
    """'2026-11-27 16:00' in Amsterdam, in UTC; `fold`: the second time that the clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)


def due(start: str, minutes: float, days: WorkCalendar) -> str:
    """What the clock in Amsterdam shows when so many minutes of work are over."""
    moment = add_working_time(at(start), timedelta(minutes=minutes), days)
    return "never" if moment is None else f"{moment.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        pytest.param("2026-11-24 10:00", 60, "2026-11-24 11:00", id="within the day"),
        pytest.param("2026-11-27 16:00", 180, "2026-11-30 10:00", id="from Friday to Monday"),
        pytest.param("2026-11-24 16:00", 60, "2026-11-24 17:00", id="to the very end of the day"),
        pytest.param("2026-11-24 17:00", 1, "2026-11-25 08:01", id="from the very end of the day"),
        pytest.param("2026-11-24 06:00", 30, "2026-11-24 08:30", id="from before the day"),
        pytest.param("2026-11-28 12:00", 30, "2026-11-30 08:30", id="from within the weekend"),
        pytest.param("2026-11-24 10:00", 0, "2026-11-24 10:00", id="no time at all"),
        pytest.param("2026-11-24 17:00", 0, "2026-11-25 08:00", id="no time at all, after work"),
        pytest.param("2026-11-24 10:00", 9 * 60 * 10, "2026-12-08 10:00", id="ten working days"),
        pytest.param("2026-12-23 16:00", 120, "2026-12-28 09:00", id="over holidays"),
        pytest.param("2026-12-25 10:00", 1, "2026-12-28 08:01", id="from within a holiday"),
    ],
)
def test_a_term_ends_in_working_hours(start: str, minutes: float, expected: str) -> None:
    assert due(start, minutes, calendar(holidays=("12-25", "2026-12-24"))) == expected


def test_a_warning_at_a_part_of_a_minute_lies_inside_too() -> None:
    moment = add_working_time(at("2026-11-27 16:59"), MINUTE * 1.5, calendar())

    assert moment == at("2026-11-30 08:00") + timedelta(seconds=30)


def test_a_moment_keeps_its_seconds() -> None:
    odd = at("2026-11-24 10:00") + timedelta(seconds=7, microseconds=11)

    assert add_working_time(odd, timedelta(hours=9), calendar()) == odd + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        pytest.param(f"{SPRING} 01:00", 120, f"{SPRING} 04:00", id="the hour that is skipped does not count"),
        pytest.param(f"{SPRING} 00:00", 23 * 60, "2026-03-30 00:00", id="a day of 23 hours"),
        pytest.param(f"{AUTUMN} 01:00", 180, f"{AUTUMN} 03:00", id="the hour that comes twice counts twice"),
        pytest.param(f"{AUTUMN} 00:00", 25 * 60, "2026-10-26 00:00", id="a day of 25 hours"),
    ],
)
def test_the_clock_may_change_during_a_term(start: str, minutes: int, expected: str) -> None:
    whole_days = calendar(hours={str(day): [["00:00", "24:00"]] for day in range(7)})

    assert due(start, minutes, whole_days) == expected
    assert due(start, minutes, ALWAYS) == expected


def test_office_hours_stay_where_they_are_when_the_clock_changes() -> None:
    days = calendar()

    assert due("2026-03-27 16:00", 120, days) == "2026-03-30 09:00"
    assert due("2026-10-23 16:00", 120, days) == "2026-10-26 09:00"


def test_hours_within_the_change_are_what_the_clock_shows() -> None:
    night = calendar(hours={"6": [["02:15", "02:45"]]})
    whole = timedelta(days=1)

    spring = working_time_between(at(f"{SPRING} 00:00"), at("2026-03-30 00:00"), night)
    autumn = working_time_between(at(f"{AUTUMN} 00:00"), at("2026-10-26 00:00"), night)
    assert (spring, autumn) == (timedelta(), timedelta(hours=1))
    assert add_working_time(at(f"{AUTUMN} 00:00"), 40 * MINUTE, night) == at(f"{AUTUMN} 02:25", fold=1)
    assert add_working_time(at(f"{SPRING} 00:00"), MINUTE, night) == at("2026-04-05 02:16")
    assert working_time_between(at(f"{AUTUMN} 00:00"), at(f"{AUTUMN} 00:00") + whole, ALWAYS) == whole


def test_hours_that_go_on_after_midnight_are_the_next_days_then() -> None:
    nights = calendar(hours={"4": [["22:00", "06:00"]]}, holidays=("2026-12-05",))

    assert due("2026-11-27 12:00", 8 * 60, nights) == "2026-11-28 06:00"
    assert due("2026-12-04 12:00", 3 * 60, nights) == "2026-12-11 23:00"  # that Saturday is a holiday
    sunday = calendar(hours={"6": [["23:00", "01:00"]]})
    assert due("2026-11-29 23:30", 60, sunday) == "2026-11-30 00:30"


def test_pairs_that_overlap_or_touch_count_once() -> None:
    hours = {"1": [["10:00", "12:00"], ["08:00", "11:00"], ["12:00", "13:00"], ["08:30", "09:00"]]}

    assert calendar(hours=hours).hours[1] == ((480, 780),)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(calendar(hours={}), id="no hours"),
        pytest.param(calendar(hours={"1": [["09:00", "09:00"]]}), id="hours without length"),
        pytest.param(
            calendar(
                holidays=tuple(f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32))
            ),
            id="holidays all the year",
        ),
        pytest.param(
            calendar(holidays=tuple(str(date(2026, 11, 1) + timedelta(days=n)) for n in range(1_999))),
            id="holidays for years",
        ),
    ],
)
def test_without_hours_there_is_no_moment_and_no_time(days: WorkCalendar) -> None:
    begin = at("2026-11-24 10:00")

    assert add_working_time(begin, MINUTE, days) is None
    assert add_working_time(begin, timedelta(), days) is None
    assert working_time_between(begin, begin + timedelta(days=700), days) == timedelta()


def test_what_takes_more_than_ten_years_has_no_moment() -> None:
    begin = at("2026-11-24 10:00")

    assert add_working_time(begin, timedelta(days=3_600), ALWAYS) == begin + timedelta(days=3_600)
    assert add_working_time(begin, timedelta(minutes=2**31), ALWAYS) is None


def test_time_between_is_negative_the_other_way_round() -> None:
    begin, end = at("2026-11-27 16:00"), at("2026-11-30 09:00")

    assert working_time_between(begin, end, calendar()) == timedelta(hours=2)
    assert working_time_between(end, begin, calendar()) == -timedelta(hours=2)


def test_a_calendar_of_another_country_has_its_own_clock() -> None:
    new_york = calendar(zone="America/New_York")

    assert due("2026-11-24 10:00", 60, new_york) == "2026-11-24 15:00"
    assert due("2026-03-20 21:30", 60, new_york) == "2026-03-23 13:30"  # summer time there, not yet here


clocks = st.integers(0, 96).map(lambda quarters: f"{quarters // 4:02}:{quarters % 4 * 15:02}")
weeks = st.dictionaries(
    st.sampled_from("0123456"), st.lists(st.tuples(clocks, clocks).map(list), max_size=3), max_size=7
)
changes = st.sampled_from([SPRING, AUTUMN])
zones = st.sampled_from(["Europe/Amsterdam", "Europe/Amsterdam", "Australia/Lord_Howe", "UTC"])
near = st.integers(-2 * 1440, 2 * 1440)


def minutes_of(change: date, begin: int, end: int) -> list[datetime]:
    """The minutes from so many before or after the change of clock."""
    night = datetime(change.year, change.month, change.day, 1, tzinfo=UTC)
    return [night + MINUTE * n for n in range(begin, end)]


def shows_work(moment: datetime, *, hours: dict[str, Any], holidays: list[date], zone: str) -> bool:
    """Whether the clock on the wall shows working hours, by the bare JSON."""
    wall = moment.astimezone(ZoneInfo(zone))
    clock, today, yesterday = f"{wall:%H:%M}", str(wall.weekday()), str((wall.weekday() - 1) % 7)
    if wall.date() in holidays:
        return False
    return any(
        begin <= clock < end if begin < end else begin <= clock and begin != end
        for begin, end in hours.get(today, [])
    ) or any(clock < end < begin < "24:00" for begin, end in hours.get(yesterday, []))


@settings(max_examples=80)
@given(change=changes, hours=weeks, off=st.lists(st.integers(-2, 2), max_size=2), zone=zones, ends=st.data())
def test_time_between_is_what_counting_minutes_gives(
    change: date, hours: dict[str, Any], off: list[int], zone: str, ends: st.DataObject
) -> None:
    begin, end = sorted([ends.draw(near), ends.draw(near)])
    holidays = [change + timedelta(days=n) for n in off]
    days = calendar(hours=hours, holidays=tuple(map(str, holidays)), zone=zone)
    minutes = minutes_of(change, begin, end + 1)

    slow = sum(shows_work(minute, hours=hours, holidays=holidays, zone=zone) for minute in minutes[:-1])
    assert working_time_between(minutes[0], minutes[-1], days) == slow * MINUTE


@settings(max_examples=80)
@given(
    change=changes,
    hours=weeks,
    off=st.lists(st.integers(-2, 2), max_size=2),
    zone=zones,
    begin=near,
    amount=st.integers(1, 3_000),
)
def test_a_term_ends_where_counting_minutes_ends(
    change: date, hours: dict[str, Any], off: list[int], zone: str, begin: int, amount: int
) -> None:
    holidays = [change + timedelta(days=n) for n in off]
    days = calendar(hours=hours, holidays=tuple(map(str, holidays)), zone=zone)
    minutes = minutes_of(change, begin, begin + 4 * 1440)
    worked = (minute for minute in minutes if shows_work(minute, hours=hours, holidays=holidays, zone=zone))

    last = next(itertools.islice(worked, amount - 1, None), None)
    moment = add_working_time(minutes[0], amount * MINUTE, days)
    if last is not None:
        assert moment == last + MINUTE
    else:
        assert moment is None or moment > minutes[-1]


@given(
    hours=weeks,
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (hypothesis wants bare limits)
    amounts=st.tuples(st.integers(1, 10**11), st.integers(1, 10**11)),
)
def test_terms_add_up_whatever_the_moment(
    hours: dict[str, Any], start: datetime, amounts: tuple[int, int]
) -> None:
    """To the microsecond; `amounts` are microseconds, up to a day each."""
    days = calendar(hours=hours, holidays=("nl:kings_day", "01-01"))
    first, second = (timedelta(microseconds=amount) for amount in amounts)

    middle, end = (add_working_time(start, amount, days) for amount in (first, first + second))
    if middle is None or end is None:
        assert not any(days.hours)
        return
    assert working_time_between(start, end, days) == first + second
    assert add_working_time(middle, second, days) == end
