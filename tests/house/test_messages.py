"""Each text has its Dutch in the part of a room that says it: who changes a room finds it there."""

import pytest
from babel.messages.catalog import Catalog

from scripts.messages import BASE, misplaced, parts, room_of, texts

ROOMS = {(None, "Close"): {"desk"}, (None, "Save"): {"accounts", "desk"}, ("verb", "Close"): {"tickets"}}


def part_of(english: str, *, context: str | None = None) -> Catalog:
    part = Catalog(locale="nl")
    part.add(english, "…", context=context)
    return part


@pytest.mark.parametrize(
    ("place", "room"),
    [
        ("tickets/actions/close.py:12", "tickets"),
        ("templates/desk/zoom/history.html:3", "desk"),
        ("templates/account/login.html:9", "accounts"),
        ("templates/admin/mailgate/mailbox/begin.html:5", "mailgate"),
        ("templates/demo/mail.html:1", "kvv"),
        ("templates/components/_notices.html:4", "kvv"),
        ("templates/base.html:23", "kvv"),
    ],
)
def test_what_stands_in_a_file_is_said_by_the_room_that_has_it(place: str, room: str) -> None:
    assert room_of(place) == room


@pytest.mark.parametrize("name", ["desk", "desk-screens", "accounts"])
def test_the_part_of_any_room_that_says_a_text_may_have_it(name: str) -> None:
    assert list(misplaced(name, part_of("Save"), rooms=ROOMS)) == []


@pytest.mark.parametrize("name", ["tickets", "tickets-actions"])
def test_the_part_of_a_room_that_does_not_say_a_text_may_not(name: str) -> None:
    assert list(misplaced(name, part_of("Close"), rooms=ROOMS)) == [
        f"{name}.po: 'Close' is said by desk; move its Dutch there"
    ]


def test_two_texts_of_the_same_words_are_told_apart_by_their_context() -> None:
    assert list(misplaced("tickets", part_of("Close", context="verb"), rooms=ROOMS)) == []
    assert list(misplaced("desk", part_of("Close", context="verb"), rooms=ROOMS)) != []


def test_what_nobody_says_is_left_over() -> None:
    assert list(misplaced("desk", part_of("Shut"), rooms=ROOMS)) == ["desk.po: nobody says 'Shut' any more"]


def test_there_is_a_part_for_each_room_that_says_anything() -> None:
    saying = {room_of(place) for places in texts().values() for place in places}
    assert {name.partition("-")[0] for name in parts()} <= saying
    assert all((BASE / room).is_dir() for room in saying)
