"""Free fields on the forms of screens: one part of a layout, wherever they are asked for."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from desk.writing.layout import Row
from desk.writing.screen_form import ScreenForm, Writing
from tickets.free_forms import form_field, value_from
from tickets.free_values import Filled, mark_of, name_of
from tickets.models import FieldPlace, FreeField, Ticket
from tickets.queries.free_fields import fields_of, values_of

NAME = re.compile(r"free_(?:[0-9]{1,18}|shown)")
SHOWN = re.compile(r"(free_[0-9]{1,18}):([0-9a-f]{16})")
SHOWN_HERE = '<input type="hidden" name="free_shown" value="{}:{}">'
"""A field that a page shows, and the mark of what stood in it then."""
WIDE = (FreeField.Kind.LONG, FreeField.Kind.SEVERAL, FreeField.Kind.TICK)
"""Kinds that stand on a line of their own; the others stand beside each other."""
SHOWN_MOST = 300


class FreeFields(LayoutObject):  # type: ignore[misc]  # crispy-forms ships no types
    """Where a form's free fields stand; which they are is known when the form is made."""

    def __init__(self, *fields: str | Row) -> None:
        self.fields = list(fields)

    @classmethod
    def of(cls, fields: Sequence[FreeField]) -> "FreeFields":
        """These, in their order."""
        arranged: list[str | Row] = []
        for is_wide, run in groupby(fields, lambda field: field.kind in WIDE):
            names = [name_of(field.pk) for field in run]
            arranged += names if is_wide else [Row(*names, look="formgrid--2")]
        return cls(*arranged)

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        """Their HTML, nothing without any; and which they are, as a box that is not ticked sends nothing."""
        shown = format_html_join("", SHOWN_HERE, getattr(form, "shown", {}).items())
        return str(self.get_rendered_fields(form, context, template_pack, **kwargs)) + shown


class FreeFieldsForm(ScreenForm):
    """A form with the free fields of its `place`, of its ticket's queue; `FreeFields()` is in its layout.

    A form that makes a ticket says in `queue_of` which queue that will be in, and in `holder_of` that it
    holds nothing yet.
    """

    place: ClassVar[FieldPlace]

    def __init__(self, data: QueryDict | None, *, writing: Writing) -> None:
        super().__init__(data, writing=writing)
        queue_id, ticket = self.queue_of(writing), self.holder_of(writing)
        self.free = [] if queue_id is None else fields_of(queue_id, place=self.place)
        present = values_of(ticket.pk, [field.pk for field in self.free]) if ticket else {}
        for field in self.free:
            self.fields[name_of(field.pk)] = form_field(
                field, is_required=field.is_required(self.place), present=present.get(field.pk)
            )
        self.sent = shown_in(data) if data is not None else {}
        now = {name_of(field.pk): mark_of(present.get(field.pk)) for field in self.free}
        self.shown = now | {name: mark for name, mark in self.sent.items() if name in now}
        parts = (FreeFields.of(self.free) if isinstance(part, FreeFields) else part for part in self.layout)
        self.layout = Layout(*parts)

    def queue_of(self, writing: Writing) -> int | None:
        """The id of the queue whose fields are asked for."""
        ticket = writing.about.sole_ticket
        return ticket.queue_id if ticket else None

    def holder_of(self, writing: Writing) -> Ticket | None:
        """The ticket that holds something in them already."""
        return writing.about.sole_ticket

    def filled(self) -> Filled:
        """What is to stand in the fields that differ from what the ticket held, of a form that is valid.

        One that came to be asked for after the form's page was made was left empty by nobody.
        """
        known = {*self.sent, *self.data} & set(self.changed_data)
        fields = [field for field in self.free if name_of(field.pk) in known]
        return Filled(
            values={field.pk: value_from(field, self.cleaned_data[name_of(field.pk)]) for field in fields},
            shown={field.pk: self.shown[name_of(field.pk)] for field in fields},
        )

    def clean(self) -> dict[str, object]:
        """Tell of what was filled in and has no place here any more, instead of dropping it in silence."""
        cleaned, data = super().clean(), cast("QueryDict", self.data)
        lost = [name for name in free_names(data) if name not in (*self.fields, "free_shown")]
        if said := ", ".join(value for name in lost for value in data.getlist(name) if value):
            sentence = _(
                "What you filled in in a free field is not asked for here any more, and is left out: "
                "%(values)s. Look whether the rest is still right."
            )
            self.add_error(None, sentence % {"values": said[:SHOWN_MOST]})
        return cleaned


def free_names(data: QueryDict) -> list[str]:
    """The names among what was sent that tell of free fields."""
    return sorted(name for name in data if NAME.fullmatch(name))


def shown_in(data: QueryDict) -> dict[str, str]:
    """The fields that a page which was sent had shown, with the marks of what stood in them."""
    matches = (SHOWN.fullmatch(sent) for sent in data.getlist("free_shown"))
    return {match[1]: match[2] for match in matches if match}
