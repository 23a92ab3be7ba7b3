"""The tests' tables name each screen and press that there is, and say of it what the registry says."""

import re
from uuid import UUID

import pytest
from django.urls import URLPattern, resolve

from desk.screens.registry import PRESSES as PRESS_REGISTRY
from desk.screens.registry import SCREENS as REGISTRY
from desk.urls import urlpatterns
from tests.house.screens import PRESSES, SCREENS
from tickets.kinds import LEAVES_LOCK

LOCKLESS = sorted(name for name, row in SCREENS.items() if not (row.takes_lock or row.makes_ticket))


def test_the_tables_have_a_row_for_each_and_no_other() -> None:
    assert (set(SCREENS), set(PRESSES)) == (set(REGISTRY), set(PRESS_REGISTRY))
    assert [screen.name for screen in REGISTRY.values()] == list(REGISTRY)
    assert [press.name for press in PRESS_REGISTRY.values()] == list(PRESS_REGISTRY)


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_row_and_its_screen_say_the_same(name: str) -> None:
    row, screen = SCREENS[name], REGISTRY[name]
    assert (screen.path, screen.takes_lock, screen.takes_files) == (row.path, row.takes_lock, row.writes)
    assert set(screen.form.base_fields) - row.own_fields <= row.common_fields | {"state", "pending_until"}
    assert row.own_fields <= set(screen.form.base_fields)
    assert row.needs_text == getattr(screen.form, "needs_text", True)


@pytest.mark.parametrize("name", LOCKLESS)
def test_what_is_done_without_the_lock_leaves_that_of_another_screen(name: str) -> None:
    assert SCREENS[name].kind in LEAVES_LOCK


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_a_row_and_its_press_say_the_same(name: str) -> None:
    assert PRESS_REGISTRY[name].path == PRESSES[name].path


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_screen_says_something_at_each_place(name: str) -> None:
    words = REGISTRY[name].words
    for said in (words.action, words.title, words.button, words.notice, words.icon):
        assert str(said)


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_a_press_says_something_at_each_place(name: str) -> None:
    words = PRESS_REGISTRY[name].words
    for said in (words.action, words.notice, words.icon):
        assert str(said)


def example_of(pattern: URLPattern) -> str:
    """An address that the pattern is for."""
    words = {"which": "open", "number": "1", "screen": "antwoord", "bulk": str(UUID(int=1))}
    return "/" + re.sub("<(?:[a-z]+:)?([a-z_]+)>", lambda part: words.get(part[1], "1"), str(pattern.pattern))


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_no_address_is_taken_by_another(pattern: URLPattern) -> None:
    """A screen whose path is another's, or a word of the ticket's own, would be reached by nobody."""
    assert resolve(example_of(pattern)).url_name == pattern.name
