"""Eigenaar: give a ticket to a colleague, or back to who had it before."""

from collections.abc import Iterator
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.absence import name_now
from accounts.models import Agent
from desk.writing.ask import Ask, AskFields
from desk.writing.choices import Choice, Choices, Radios
from desk.writing.forms import RemarkForm
from desk.writing.layout import Editor, Files
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from queues.owners import owners_in
from tickets.actions.owner import change_owner, has_it_already
from tickets.changing.once import Done
from tickets.queries.owners import previous_owners


class OwnerForm(AskFields, RemarkForm):
    """Who gets it: those who owned it before stand first, the last of them on top; nobody is chosen yet."""

    first_subject = _("New owner")
    new_owner: "forms.ModelChoiceField[Agent]" = forms.ModelChoiceField(
        label=_("New owner"),
        queryset=None,
        empty_label=None,
        widget=Radios,
        error_messages={"required": _("Choose who gets this ticket.")},
    )

    layout = Layout(Choices("new_owner"), Editor(), Ask(), Files(), "time_units")

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        self.ticket = writing.about.ticket
        owners = cast("forms.ModelChoiceField[Agent]", self.fields["new_owner"])
        owners.queryset = owners_in(self.ticket.queue_id)
        owners.choices = self.candidates

    def candidates(self) -> Iterator[tuple[int, Choice]]:
        """Those who may own it and don't have it, the previous owners first."""
        able = owners_in(self.ticket.queue_id)
        agents = {agent.pk: agent for agent in able if not has_it_already(agent, self.ticket)}
        for previous in previous_owners(self.ticket):
            if (agent := agents.pop(previous, None)) is not None:
                yield agent.pk, Choice(word=name_now(agent), remark=_("previous owner"))
        for agent in agents.values():
            yield agent.pk, Choice(word=name_now(agent))


def act(deed: Deed, form: OwnerForm) -> Done:
    """Give the ticket to the chosen one."""
    return change_owner(
        actor=deed.actor,
        ticket=deed.about.ticket,
        new_owner=form.cleaned_data["new_owner"],
        note=form.written(deed.uploads),
        now=deed.now,
    )


screen = Screen(
    name="owner",
    path="eigenaar",
    group=Group.NEAR,
    right=QueuePermission.Right.OWNER,
    takes_lock=False,
    words=Words(
        action=_("Owner"),
        title=_("Change the owner"),
        button=_("Submit"),
        hint=_("The customer does not see this."),
        notice=_("{ticket} has a new owner."),
        icon="user",
    ),
    form=OwnerForm,
    act=act,
)
