"""The house: which rooms there are, what stands on which floor, and who may know whom."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from tests.house.rooms import BASE, CONTRACTS, FLOORS, IMPORTS, ROOMS, floor_of

NO_ROOMS = {"tests", "benchmarks", "scripts"}
ROW = re.compile(r"^\| ((?:`\w+/`(?: · )?)+) \|", re.MULTILINE)


def floors_told_in(text: str) -> list[frozenset[str]]:
    """The first column of the table of rooms."""
    return [frozenset(re.findall(r"`(\w+)/`", row)) for row in ROW.findall(text)]


def points_up(room: str, other: str) -> bool:
    """Whether a relation from one room to the other is one that may not be."""
    return room != other and floor_of(other) <= floor_of(room)


def test_every_package_of_the_house_has_its_floor() -> None:
    packages = {file.parent.name for file in Path(BASE).glob("*/__init__.py")} - NO_ROOMS
    assert packages == set(ROOMS) == set(IMPORTS["root_packages"])


def test_cleaning_html_knows_no_room_at_all() -> None:
    (alone,) = [contract for contract in CONTRACTS if contract.get("source_modules") == ["richtext"]]
    assert set(alone["forbidden_modules"]) == set(ROOMS) - {"richtext"}


def test_contributing_tells_of_the_same_floors() -> None:
    assert floors_told_in("| `a/` · `b/` | of us |\n| `c/` | below |") == [{"a", "b"}, {"c"}]
    assert floors_told_in((BASE / "CONTRIBUTING.md").read_text(encoding="utf-8")) == FLOORS


def test_relations_between_tables_point_down_the_house() -> None:
    assert points_up("tickets", "desk")
    assert points_up("desk", "mailgate")
    assert not points_up("tickets", "queues")
    assert not points_up("tickets", "auth")
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and not isinstance(field.related_model, str)
        and points_up(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []
