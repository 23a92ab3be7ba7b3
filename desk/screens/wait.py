"""Wachten: put a ticket aside until a moment, and say what is to come of it then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.writing.forms import RemarkForm
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.screen import Deed, Group, Screen, Words, while_open
from desk.writing.screen_form import Writing
from desk.writing.state import MOMENT, StateFields
from queues.models import QueuePermission
from tickets.actions.wait import let_ticket_wait
from tickets.changing.once import Done
from tickets.models import State, StateType
from tickets.states import states_of

WHAT_COMES: dict[str, str | Promise] = {
    StateType.PENDING_REMINDER: _("remind me"),
    StateType.PENDING_AUTO: _("close by itself"),
}
"""What happens when the time of a state has come, by its type."""
MORNING = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment that is chosen by one press: what its button says, and what the field holds then."""

    word: str | Promise
    value: str
    is_chosen: bool


def mornings(now: datetime) -> dict[str, str | Promise]:
    """What the field of a moment holds → what people call it, in local time; no moment twice."""
    today = timezone.localdate(now)
    named = (
        (today + timedelta(days=1), _("tomorrow 9:00")),
        (today + timedelta(days=7 - today.weekday()), _("Monday 9:00")),
        (today + timedelta(days=7), _("in a week")),
    )
    moments: dict[str, str | Promise] = {}
    for day, word in named:
        moments.setdefault(f"{datetime.combine(day, MORNING):{MOMENT}}", word)
    return moments


class WaitForm(StateFields, RemarkForm):
    """Until when, and what comes then."""

    first_subject = _("Wait")
    layout = Layout(
        Part("desk/writing/_moments.html"),
        Row("pending_until", "state"),
        Editor(),
        Files(),
        "time_units",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = states_of(StateType.PENDING_REMINDER, StateType.PENDING_AUTO)
        self.offer(states, keep=False)
        state = cast("forms.ChoiceField", self.fields["state"])
        state.label = _("After that")
        state.choices = [(str(state.pk), _what_comes(state)) for state in states]
        moment = self.fields["pending_until"]
        moment.label, moment.help_text, moment.required = _("or choose date and time yourself"), "", True
        moment.error_messages["required"] = _("Choose until when this ticket waits.")

    def first(self, writing: Writing) -> dict[str, object]:
        """How the ticket waits already, else until tomorrow morning."""
        ticket, now = writing.about.ticket, timezone.now()
        begun = {**super().first(writing), "pending_until": next(iter(mornings(now)))}
        if ticket.pending_until is not None and ticket.pending_until > now:
            begun |= {"pending_until": ticket.pending_until, "state": str(ticket.state_id)}
        return begun

    @property
    def moments(self) -> Iterator[Moment]:
        """The moments that one press chooses."""
        chosen = self["pending_until"].value()
        if isinstance(chosen, datetime):
            chosen = f"{chosen:{MOMENT}}"  # local, as the field shows it
        for value, word in mornings(timezone.now()).items():
            yield Moment(word=word, value=value, is_chosen=value == chosen)

    def choose_moment(self) -> None:
        """Put the moment of the pressed button into the field."""
        self.put("pending_until", self.data.get("moment", ""))

    steps = {**RemarkForm.steps, "moment": choose_moment}


def _what_comes(state: State) -> str:
    """What happens when the time has come, and the state's own name."""
    return f"{WHAT_COMES[state.type]} ({state})"


def act(deed: Deed, form: WaitForm) -> Done:
    """Let the ticket wait."""
    return let_ticket_wait(
        actor=deed.actor,
        ticket=deed.about.ticket,
        state=form.cleaned_data["state"],
        pending_until=form.cleaned_data["pending_until"],
        note=form.written(deed.uploads),
        now=deed.now,
    )


screen = Screen(
    name="wait",
    path="wachten",
    group=Group.NEAR,
    right=QueuePermission.Right.ALL,
    words=Words(
        action=_("Wait"),
        title=_("Let ticket wait"),
        button=_("Submit"),
        hint=_("If the customer writes before, the ticket is open again at once."),
        notice=_("{ticket} waits until the moment that you chose."),
        icon="clock",
        again=_("Let it wait all the same"),
    ),
    form=WaitForm,
    act=act,
    leads_on=True,
    fits=while_open,
)
