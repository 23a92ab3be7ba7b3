"""Sluiten: close a ticket that needs no answer, and say why."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.frame import AgentRequest, actor_of
from desk.popups.forms import ComposingForm, StateFields
from desk.popups.way import Popup
from queues.models import QueuePermission
from tickets.actions.close import close_ticket
from tickets.changing.once import Done
from tickets.models import StateType, Ticket, Upload
from tickets.states import states_of


class CloseForm(StateFields, ComposingForm):
    """Only closed states; there is nothing to wait for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["pending_until"]
        self.offer(states_of(StateType.CLOSED), keep=False)


def _make(request: AgentRequest, ticket: Ticket) -> CloseForm:
    return CloseForm(
        request.POST if request.method == "POST" else None,
        initial=ComposingForm.first(subject=_("Close"), html=""),
    )


def _act(request: AgentRequest, ticket: Ticket, form: CloseForm, uploads: list[Upload]) -> Done:
    return close_ticket(
        actor=actor_of(request),
        ticket=ticket,
        note=form.written(uploads),
        state=form.cleaned_data["state"],
        now=timezone.now(),
    )


POPUP = Popup(
    name="close",
    template="desk/popups/close.html",
    title=gettext_lazy("Close ticket"),
    button=gettext_lazy("Submit"),
    icon="done",
    right=QueuePermission.Right.ALL,
    notice=gettext_lazy("The ticket has been closed."),
    make=_make,
    act=_act,
)

close = POPUP.as_view()
