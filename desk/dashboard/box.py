"""What a box of the dashboard is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from desk.frame import AgentRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: `name` is that of its preferences and addresses, `template` what shows its content.

    `is_beside`: it stands in the right column, which a second request brings.
    """

    name: str
    title: str | Promise
    template: str
    is_beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBox(Box):
    """A box that asks for its content by itself; `fill` gives None where there is nothing to show."""

    fill: Callable[[AgentRequest], object | None]


@dataclass(frozen=True, slots=True)
class Filled:
    """A box with what its template shows of it."""

    box: Box
    content: object
