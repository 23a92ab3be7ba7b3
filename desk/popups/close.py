"""Sluiten: close a ticket that needs no answer, and say why."""

from typing import Any

from crispy_forms.layout import Layout
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.frame import AgentRequest, actor_of
from desk.popups.forms import ComposingForm, StateFields
from desk.popups.way import Popup
from desk.writing.layout import Editor, Files, Row
from queues.models import QueuePermission
from tickets.actions.close import close_ticket
from tickets.models import Article, StateType, Ticket, Upload
from tickets.states import states_of


class CloseForm(StateFields, ComposingForm):
    """Only closed states; there is nothing to wait for."""

    layout = Layout("subject", Editor(), Files(), Row("state", "time_units"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["pending_until"]
        self.offer(states_of(StateType.CLOSED), keep=False)


def _make(request: AgentRequest, ticket: Ticket) -> CloseForm:
    return CloseForm(
        request.POST if request.method == "POST" else None,
        initial=ComposingForm.first(subject=_("Close"), html=""),
    )


def _act(request: AgentRequest, ticket: Ticket, form: CloseForm, uploads: list[Upload]) -> Article:
    return close_ticket(
        actor=actor_of(request),
        ticket=ticket,
        submission=form.cleaned_data["submission"],
        state=form.cleaned_data["state"],
        subject=form.cleaned_data["subject"],
        html=form.cleaned_data["html"],
        uploads=uploads,
        time_units=form.cleaned_data["time_units"],
        now=timezone.now(),
    )


POPUP = Popup(
    title=gettext_lazy("Close ticket"),
    button=gettext_lazy("Submit"),
    hint=gettext_lazy("The customer gets no message."),
    icon="done",
    right=QueuePermission.Right.ALL,
    notice=gettext_lazy("The ticket has been closed."),
    make=_make,
    act=_act,
)

close = POPUP.as_view()
