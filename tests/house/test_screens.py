"""The tests' table of screens names each screen that there is, and says of it what the registry says."""

import pytest

from desk.screens.registry import SCREENS as REGISTRY
from tests.house.screens import SCREENS, WRITTEN


def test_the_table_has_a_row_for_each_screen_and_no_other() -> None:
    assert set(SCREENS) == set(REGISTRY)
    assert [screen.name for screen in REGISTRY.values()] == list(REGISTRY)


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_row_and_its_screen_say_the_same(name: str) -> None:
    row, screen = SCREENS[name], REGISTRY[name]
    assert (screen.path, screen.takes_lock) == (row.path, row.takes_lock)
    assert set(screen.form.base_fields) - row.own_fields <= WRITTEN | {"state", "pending_until"}
    assert row.own_fields <= set(screen.form.base_fields)


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_screen_says_something_at_each_place(name: str) -> None:
    words = REGISTRY[name].words
    for said in (words.action, words.title, words.button, words.notice, words.icon):
        assert str(said)
