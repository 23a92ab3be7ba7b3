"""Vrije invulvelden: what administrators ask to be known of tickets."""

from crispy_forms.layout import Layout
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.writing.free_fields import FreeFields, FreeFieldsForm
from desk.writing.layout import Part
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from tickets.actions.fields import change_fields
from tickets.changing.once import Done
from tickets.free_values import name_of
from tickets.models import FieldPlace


class FieldsForm(FreeFieldsForm):
    """All that are in use in the ticket's queue."""

    place = FieldPlace.TICKET
    layout = Layout(FreeFields(), Part("desk/writing/_no_fields.html"))

    def __init__(self, data: QueryDict | None, *, writing: Writing) -> None:
        super().__init__(data, writing=writing)
        for field in self.free[:1]:
            self.fields[name_of(field.pk)].widget.attrs["data-focus"] = True

    @property
    def can_be_sent(self) -> bool:
        """Not without any field."""
        return bool(self.free)


def act(deed: Deed, form: FieldsForm) -> Done:
    """Change what differs."""
    return change_fields(
        actor=deed.actor,
        ticket=deed.about.ticket,
        filled=form.filled(),
        form=form.asked(),
        now=deed.now,
    )


screen = Screen(
    name="fields",
    path="invulvelden",
    group=Group.FIELDS,
    right=QueuePermission.Right.ALL,
    takes_lock=False,
    words=Words(
        action=_("Free fields"),
        title=_("Free fields"),
        button=_("Submit"),
        hint=_("The customer does not see this."),
        notice=_("The free fields of {ticket} have been changed."),
        icon="fields",
    ),
    form=FieldsForm,
    act=act,
    width="dialog--small",
)
