"""The ground the tests stand on."""

import socket

import pytest
from django.db import connection
from django.template import engines

from tests.conftest import OutsideWorldError, long_ones_first


@pytest.mark.django_db
def test_the_database_is_a_real_postgresql_in_utf_8() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)


def test_nothing_beyond_this_machine_can_be_reached() -> None:
    with pytest.raises(OutsideWorldError), socket.socket() as line:
        line.connect(("192.0.2.1", 80))


def test_a_template_that_prints_an_unknown_variable_fails() -> None:
    with pytest.raises(AssertionError, match="nobody"):
        engines["django"].from_string("{{ nobody }}").render({})


@pytest.mark.parametrize(
    ("is_long", "workers", "order"),
    [
        ("..l.l", 1, [2, 4, 0, 1, 3]),
        ("..l.ll", 2, [2, 5, 0, 4, 1, 3]),
        (".ll", 3, [1, 2, 0]),
        ("lll.", 2, [0, 2, 1, 3]),
        ("", 2, []),
    ],
)
def test_each_worker_begins_with_its_share_of_what_takes_long(
    is_long: str, workers: int, order: list[int]
) -> None:
    assert long_ones_first([sign == "l" for sign in is_long], workers=workers) == order
