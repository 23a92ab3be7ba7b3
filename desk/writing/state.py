"""The next state of a ticket, and the time to wait for, on the forms that choose it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.writing.screen_form import Check, ScreenForm
from tickets.changing.written import checked_pending
from tickets.models import State, StateType
from tickets.models.ticket import PENDING_TYPES
from tickets.states import state_by_id, states_of

WAIT = timedelta(days=1)
MOMENT = "%Y-%m-%dT%H:%M"
"""As a browser's field for date and time has it."""
NEXT_TYPES = (StateType.OPEN, StateType.CLOSED, StateType.PENDING_REMINDER, StateType.PENDING_AUTO)


class StateFields(ScreenForm):
    """The next state and the time to wait for."""

    state = forms.ChoiceField(label=_("State"), required=False)
    pending_until = forms.DateTimeField(
        label=_("Pending until (for)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M"],
        help_text=_("Only for a pending state."),
        error_messages={"invalid": _("Give a date and a time, for example 24-11-2026 11:22.")},
    )

    def offer(self, states: Sequence[State], *, keep: bool) -> None:
        """Offer these states; with `keep` also to leave the state as it is."""
        choices = [(str(state.pk), str(state)) for state in states]
        field = cast("forms.ChoiceField", self.fields["state"])
        field.choices = [("", _("- keep as it is -")), *choices] if keep else choices
        field.required = not keep
        pending = [str(state.pk) for state in states if state.type in PENDING_TYPES]
        if "pending_until" in self.fields:
            self.fields["pending_until"].widget.attrs["data-for-states"] = " ".join(pending)
            self.initial.setdefault("pending_until", timezone.now() + WAIT)

    def checks(self) -> Iterator[Check]:
        """A state that waits needs a time that is to come."""
        yield from super().checks()
        if {"state", "pending_until"} <= self.cleaned_data.keys():
            yield partial(
                checked_pending,
                state=self.cleaned_data["state"],
                pending_until=self.cleaned_data["pending_until"],
                now=timezone.now(),
            )

    def clean(self) -> dict[str, Any]:
        """Pass over a time that cannot be read where no state waits for one: its box is not even shown."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        state = given.get("state")
        waits = "state" in self.errors or (state is not None and state.type in PENDING_TYPES)
        if "pending_until" in self.errors and not waits:
            del self.errors["pending_until"]
            given["pending_until"] = None
        return given

    def clean_state(self) -> State | None:
        """The chosen state itself."""
        chosen = self.cleaned_data["state"]
        return state_by_id(int(chosen)) if chosen else None


def next_states() -> list[State]:
    """What composing screens offer (OTRS 2)."""
    return states_of(*NEXT_TYPES)
