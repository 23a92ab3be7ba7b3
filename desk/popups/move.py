"""Wijzig wachtrij: hand a ticket to another team."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agent
from desk.frame import AgentRequest, actor_of
from desk.popups.forms import ComposingForm, StateFields, next_states
from desk.popups.way import Popup
from desk.writing.layout import Editor, Files, Row
from queues.access import Rights
from queues.models import Queue, QueuePermission
from queues.owners import possible_owners, queues_to_move_into
from richtext.convert import text_to_html
from tickets.actions.move import move_ticket
from tickets.models import Article, Ticket, Upload


class MoveForm(StateFields, ComposingForm):
    """The new queue, and, if one knows who, the new owner."""

    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=gettext_lazy("New queue"),
        queryset=None,
        error_messages={"required": gettext_lazy("Choose the queue the ticket goes to.")},
    )
    new_owner: "forms.ModelChoiceField[Agent]" = forms.ModelChoiceField(
        label=gettext_lazy("New owner"), queryset=None, required=False, empty_label="-"
    )

    layout = Layout(
        Row("queue", "new_owner"),
        "subject",
        Editor(),
        Files(),
        Row("state", "pending_until", "time_units"),
    )

    def __init__(self, *args: Any, ticket: Ticket, rights: Rights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = cast("forms.ModelChoiceField[Queue]", self.fields["queue"])
        owners = cast("forms.ModelChoiceField[Agent]", self.fields["new_owner"])
        queues.queryset = queues_to_move_into(rights=rights, but=ticket.queue_id)
        owners.queryset = possible_owners(rights=rights)
        self.offer(next_states(), keep=True)


def _make(request: AgentRequest, ticket: Ticket) -> MoveForm:
    html = text_to_html(_("This ticket has been moved to the new queue."))
    first = ComposingForm.first(subject=_("Change queue"), html=html)
    return MoveForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        ticket=ticket,
        rights=request.rights,
    )


def _act(request: AgentRequest, ticket: Ticket, form: MoveForm, uploads: list[Upload]) -> Article:
    return move_ticket(
        actor=actor_of(request),
        ticket=ticket,
        queue=form.cleaned_data["queue"],
        submission=form.cleaned_data["submission"],
        new_owner=form.cleaned_data["new_owner"],
        subject=form.cleaned_data["subject"],
        html=form.cleaned_data["html"],
        uploads=uploads,
        state=form.cleaned_data["state"],
        pending_until=form.cleaned_data["pending_until"],
        time_units=form.cleaned_data["time_units"],
        now=timezone.now(),
    )


POPUP = Popup(
    title=gettext_lazy("Move ticket"),
    button=gettext_lazy("Submit"),
    icon="move",
    right=QueuePermission.Right.ALL,
    notice=gettext_lazy("The ticket has been moved."),
    make=_make,
    act=_act,
)

move = POPUP.as_view()
