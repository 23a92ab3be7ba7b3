"""Instellingen of the dashboard: which boxes, in which order, and how many tickets each has."""

from typing import NamedTuple, Self

from crispy_forms.layout import Layout
from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from accounts.models import Preferences
from desk.dashboard.arrangement import arranged, in_order, moved
from desk.dashboard.box import Box
from desk.dashboard.boxes import BOXES

NAMES = [(box.name, box.title) for box in BOXES]


class PlacedBox(NamedTuple):
    """A box in its place, and the tick that it is wanted."""

    box: Box
    tick: BoundWidget


class RowsForm(forms.Form):
    """How many tickets a box has."""

    box_rows = forms.TypedChoiceField(
        label=_("Tickets per box"), choices=[(str(n), str(n)) for n in Preferences.BOX_ROWS], coerce=int
    )
    layout = Layout("box_rows")


class ArrangementForm(RowsForm):
    """All boxes in their order, those that are wanted, and, if a button was pressed, the one to move.

    The page lists the boxes itself: where one stands there says where it is to stand. What it lays out is
    `rows_form`.
    """

    boxes: list[Box]

    placed = forms.MultipleChoiceField(choices=NAMES)
    shown = forms.MultipleChoiceField(choices=NAMES, required=False, widget=forms.CheckboxSelectMultiple)
    up = forms.ChoiceField(choices=NAMES, required=False)
    down = forms.ChoiceField(choices=NAMES, required=False)

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        """The form as it is kept."""
        boxes = arranged(preferences)
        shown = [placed.box.name for placed in boxes if placed.is_shown]
        form = cls(initial={"shown": shown, "box_rows": preferences.box_rows})
        form.boxes = [placed.box for placed in boxes]
        return form

    @property
    def rows_form(self) -> RowsForm:
        """The part of it that is laid out as any form."""
        return RowsForm(initial=self.initial)

    @property
    def columns(self) -> list[list[PlacedBox]]:
        """The boxes of either column, in their order."""
        ticks = {name: tick for (name, _title), tick in zip(NAMES, self["shown"], strict=True)}
        return [
            [PlacedBox(box, ticks[box.name]) for box in self.boxes if box.is_beside == side]
            for side in (False, True)
        ]

    @property
    def moved(self) -> str:
        """The name of the box to move; '' for none."""
        name: str = self.cleaned_data["up"] or self.cleaned_data["down"]
        return name

    @property
    def order(self) -> list[str]:
        """All boxes by name as they are to stand."""
        names = in_order(self.cleaned_data["placed"])
        return moved(names, name=self.moved, up=bool(self.cleaned_data["up"])) if self.moved else names

    @property
    def hidden(self) -> list[str]:
        """The names of the boxes that are not wanted."""
        return [name for name, _title in NAMES if name not in self.cleaned_data["shown"]]

    @property
    def rows(self) -> int:
        """How many tickets a box has."""
        rows: int = self.cleaned_data["box_rows"]
        return rows
