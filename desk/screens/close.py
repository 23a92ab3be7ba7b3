"""Sluiten: close a ticket that needs no answer, and perhaps say why."""

from typing import Any

from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.writing.free_fields import FreeFields, FreeFieldsForm
from desk.writing.kinds import NoteKind
from desk.writing.layout import Editor, Files, Row
from desk.writing.screen import Deed, Group, Screen, Words, while_open
from desk.writing.screen_form import Writing
from desk.writing.standard import StandardTexts
from desk.writing.state import StateFields
from queues.models import QueuePermission
from richtext.convert import text_to_html
from tickets.actions.close import close_ticket
from tickets.changing.once import Done
from tickets.models import FieldPlace, StateType
from tickets.states import states_of


class CloseForm(StateFields, FreeFieldsForm, StandardTexts, NoteKind):
    """Only closed states; there is nothing to wait for."""

    place = FieldPlace.CLOSE
    first_subject = _("Close")
    needs_subject = needs_text = False
    layout = Layout("subject", Editor(), Files(), FreeFields(), Row("state", "kind", "time_units"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["pending_until"]
        self.offer(states_of(StateType.CLOSED), keep=False)

    def first_html(self, writing: Writing) -> str:
        """The manual's reason, which may stay."""
        return text_to_html(str(_("Answered already")))


def act(deed: Deed, form: CloseForm) -> Done:
    """Close the ticket."""
    return close_ticket(
        actor=deed.actor,
        ticket=deed.about.ticket,
        note=form.written(deed.uploads),
        state=form.cleaned_data["state"],
        filled=form.filled(),
        now=deed.now,
    )


screen = Screen(
    name="close",
    path="sluiten",
    group=Group.FIRST,
    right=QueuePermission.Right.ALL,
    words=Words(
        action=pgettext_lazy("verb", "Close"),
        title=_("Close ticket"),
        button=_("Submit"),
        hint=_("The customer gets no message."),
        notice=_("{ticket} has been closed."),
        icon="done",
        key="e",
        again=_("Close all the same"),
    ),
    form=CloseForm,
    act=act,
    leads_on=True,
    fits=while_open,
)
