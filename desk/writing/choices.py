"""One of a few things to choose, each on a line of its own, with what is to be known of it beside it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm
from django.utils.functional import Promise

from desk.writing.layout import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a line says: the word to choose by, in a mark with an icon if it has a `look`, and a remark."""

    word: str | Promise
    remark: str | Promise = ""
    icon: str = ""
    look: str = ""

    def __str__(self) -> str:
        return str(self.word)


class Radios(forms.RadioSelect):
    """A choice whose labels are `Choice`s; one begins at what is chosen, a complaint leads to the first."""

    def optgroups(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> Any:
        """Django's, one of them marked as where a dialog begins."""
        groups = super().optgroups(name, value, attrs)
        options = [option for _name, group, _index in groups for option in group]
        chosen = [option for option in options if option["selected"]] or options
        for option in chosen[:1]:
            option["attrs"]["data-focus"] = True
        return groups

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of a line's box; of the whole that of the first, which its complaint can lead to."""
        return super().id_for_label(id_, index or "0")


class Choices(Part):
    """A field whose widget is `Radios`."""

    def __init__(self, field: str) -> None:
        super().__init__("desk/writing/_choices.html", field)

    def values(self, form: BaseForm) -> dict[str, Any]:
        """The form, and the field."""
        return {"form": form, "field": form[self.fields[0]]}
