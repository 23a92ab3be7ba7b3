"""Which boxes an agent has on the dashboard, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Preferences
from desk.dashboard.box import Box
from desk.dashboard.boxes import BOXES, BY_NAME


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place; `is_shown`: whether its agent wants it there."""

    box: Box
    is_shown: bool


def arranged(preferences: Preferences) -> list[Placed]:
    """All boxes in the agent's order; one that is newer than it stands behind the one before it."""
    names = in_order(preferences.box_order)
    hidden = preferences.hidden_boxes
    return [Placed(BY_NAME[name], is_shown=name not in hidden) for name in names]


def in_order(names: Sequence[str]) -> list[str]:
    """The names of all boxes, those that are named in this order; what is no box is passed over."""
    ordered = list(dict.fromkeys(name for name in names if name in BY_NAME))
    for place, box in enumerate(BOXES):
        if box.name not in ordered:
            before = BOXES[place - 1].name if place else ""
            ordered.insert(ordered.index(before) + 1 if before else 0, box.name)
    return ordered


def moved(names: Sequence[str], *, name: str, up: bool) -> list[str]:
    """The order with this box before or behind its neighbour in the same column."""
    column = [other for other in names if BY_NAME[other].is_beside == BY_NAME[name].is_beside]
    place = column.index(name) + (-1 if up else 1)
    ordered = list(names)
    if 0 <= place < len(column):
        one, other = ordered.index(name), ordered.index(column[place])
        ordered[one], ordered[other] = ordered[other], ordered[one]
    return ordered
