"""Ticket numbers: their shape, their check digit, their day."""

from datetime import UTC, date, datetime

import pytest

from tickets.numbers import check_digit, is_valid_number, new_ids, number_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "counter", "number"),
    [
        (date(2013, 7, 4), 73, "2013070410000731"),
        (date(2013, 6, 17), 64, "2013061710000647"),
        (date(2011, 9, 26), 4, "2011092610000048"),
        (date(2013, 7, 4), 123456, "20130704101234567"),
    ],
)
def test_a_number_is_day_system_counter_and_check_digit(day: date, counter: int, number: str) -> None:
    assert number_of(day=day, counter=counter)[:-1] == number[:-1]


def test_the_check_digit_of_the_manuals_numbers() -> None:
    assert [check_digit(body) for body in ("201307041000073", "201306171000064", "201109261000004")] == [
        1,
        7,
        8,
    ]


def test_a_sum_that_ends_in_nought_gives_one_not_nought() -> None:
    assert check_digit("201307041000008") == 1


def test_a_wrong_check_digit_or_system_makes_it_nobodys_number() -> None:
    assert is_valid_number("2013070410000731")
    assert not is_valid_number("2013070410000732")
    assert not is_valid_number("2013070411000731")
    assert not is_valid_number("2013070410000731x")


def test_numbers_count_up_within_a_day_and_begin_again_the_next() -> None:
    first, second = new_ids(count=2, now=NOON)
    assert [ids.number[8:15] for ids in (first, second)] == ["1000001", "1000002"]
    (next_day,) = new_ids(count=1, now=datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert next_day.number[:15] == "202611251000001"


def test_the_day_turns_at_midnight_in_amsterdam() -> None:
    (before,) = new_ids(count=1, now=datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    (after,) = new_ids(count=1, now=datetime(2026, 11, 24, 23, 1, tzinfo=UTC))
    assert before.number.startswith("20261124")
    assert after.number.startswith("20261125")


def test_no_number_is_given_twice() -> None:
    numbers = [ids.number for _round in range(5) for ids in new_ids(count=20, now=NOON)]
    assert len(set(numbers)) == 100
