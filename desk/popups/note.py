"""Notitie: an internal note."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.frame import AgentRequest, actor_of
from desk.popups.forms import ComposingForm
from desk.popups.way import Popup
from queues.models import QueuePermission
from tickets.actions.note import add_note
from tickets.models import Article, Ticket, Upload


def _make(request: AgentRequest, ticket: Ticket) -> ComposingForm:
    return ComposingForm(
        request.POST if request.method == "POST" else None,
        initial=ComposingForm.first(subject=_("Note"), html=""),
    )


def _act(request: AgentRequest, ticket: Ticket, form: ComposingForm, uploads: list[Upload]) -> Article:
    return add_note(
        actor=actor_of(request),
        ticket=ticket,
        submission=form.cleaned_data["submission"],
        subject=form.cleaned_data["subject"],
        html=form.cleaned_data["html"],
        uploads=uploads,
        time_units=form.cleaned_data["time_units"],
        now=timezone.now(),
    )


POPUP = Popup(
    title=gettext_lazy("Add a note to ticket"),
    button=gettext_lazy("Save"),
    hint=gettext_lazy("The customer does not see this."),
    icon="note",
    right=QueuePermission.Right.NOTE,
    notice=gettext_lazy("The note has been saved. The customer does not see it."),
    make=_make,
    act=_act,
    needs_lock=False,
)

note = POPUP.as_view()
