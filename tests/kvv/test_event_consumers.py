"""The check at start: an event that nobody would act on stops KVV."""

import pytest
from pytest_django import Settings

from kvv.event_consumers import check_event_consumers


def test_all_is_well_as_it_ships() -> None:
    assert check_event_consumers(None) == []


@pytest.mark.usefixtures("nobody_is_told")
@pytest.mark.parametrize(
    ("consumers", "drains", "problem"),
    [
        ({}, ["mailgate.autoresponse"], "kvv.E001"),
        ({"autoresponse": "mailgate.nothing"}, ["mailgate.nothing"], "kvv.E002"),
        ({"autoresponse": "mailgate.autoresponse"}, ["mailgate.deliver"], "kvv.E003"),
    ],
)
def test_what_is_wrong_is_named(
    settings: Settings, consumers: dict[str, str], drains: list[str], problem: str
) -> None:
    settings.EVENT_CONSUMERS, settings.DRAINS = consumers, drains
    assert [message.id for message in check_event_consumers(None)] == [problem]
