"""Instellingen of the dashboard: which boxes, in which order, and how many tickets each has."""

from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Preferences
from desk.dashboard.arrangement import Placed, arranged, in_order, moved
from desk.dashboard.boxes import BOXES

NAMES = [(box.name, box.title) for box in BOXES]


class ArrangementForm(forms.Form):
    """All boxes in their order, those that are wanted, and, if a button was pressed, the one to move.

    The page lists the boxes itself: where one stands there says where it is to stand.
    """

    placed = forms.MultipleChoiceField(choices=NAMES)
    shown = forms.MultipleChoiceField(choices=NAMES, required=False)
    box_rows = forms.TypedChoiceField(
        label=_("Tickets per box"), choices=[(str(n), str(n)) for n in Preferences.BOX_ROWS], coerce=int
    )
    up = forms.ChoiceField(choices=NAMES, required=False)
    down = forms.ChoiceField(choices=NAMES, required=False)

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        """The form as it is kept."""
        form = cls(initial={"box_rows": preferences.box_rows})
        form.boxes = arranged(preferences)
        return form

    boxes: list[Placed]

    @property
    def columns(self) -> list[list[Placed]]:
        """The boxes of either column, in their order."""
        return [[placed for placed in self.boxes if placed.box.is_beside == side] for side in (False, True)]

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
