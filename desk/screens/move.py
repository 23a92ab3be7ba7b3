"""Wijzig wachtrij: hand a ticket to another team."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent
from desk.writing.forms import Check, Writing, WritingForm
from desk.writing.layout import Editor, Files, Row
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.state import StateFields, next_states
from queues.models import Queue, QueuePermission
from queues.owners import possible_owners, queues_to_move_into
from richtext.convert import text_to_html
from tickets.actions.move import check_target, move_ticket
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.models import Ticket

Right = QueuePermission.Right


class MoveForm(StateFields, WritingForm):
    """The new queue, and, if one knows who, the new owner."""

    first_subject = _("Change queue")
    needs_subject = needs_text = False
    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("New queue"),
        queryset=None,
        empty_label=_("Choose a queue"),
        widget=forms.Select(attrs={"data-focus": True}),
        error_messages={"required": _("Choose the queue the ticket goes to.")},
    )
    new_owner: "forms.ModelChoiceField[Agent]" = forms.ModelChoiceField(
        label=_("New owner"), queryset=None, required=False, empty_label=_("– (stays as it is)")
    )

    layout = Layout(
        Row("queue", "new_owner", look="formgrid--2"),
        "subject",
        Editor(),
        Files(),
        Row("state", "pending_until", "time_units"),
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.ticket = writing.about.ticket
        super().__init__(*args, writing=writing, **kwargs)
        queues = cast("forms.ModelChoiceField[Queue]", self.fields["queue"])
        owners = cast("forms.ModelChoiceField[Agent]", self.fields["new_owner"])
        queues.queryset = queues_to_move_into(
            rights=writing.actor.agent_rights, but=writing.about.ticket.queue_id
        )
        owners.queryset = possible_owners(rights=writing.actor.agent_rights)
        self.offer(next_states(), keep=True)

    def checks(self) -> Iterator[Check]:
        """Not everybody who may own tickets may own them in each queue."""
        yield from super().checks()
        if {"queue", "new_owner"} <= self.cleaned_data.keys():
            yield partial(
                check_target,
                ticket=self.ticket,
                queue=self.cleaned_data["queue"],
                new_owner=self.cleaned_data["new_owner"],
            )

    def first_html(self, writing: Writing) -> str:
        """The manual's sentence."""
        return text_to_html(str(_("This ticket has been moved to the new queue.")))


def act(deed: Deed, form: MoveForm) -> Done:
    """Move the ticket."""
    return move_ticket(
        actor=deed.actor,
        ticket=deed.about.ticket,
        queue=form.cleaned_data["queue"],
        note=form.written(deed.uploads),
        new_owner=form.cleaned_data["new_owner"],
        state=form.cleaned_data["state"],
        pending_until=form.cleaned_data["pending_until"],
        now=deed.now,
    )


def has_a_way_out(actor: Actor, ticket: Ticket) -> bool:
    """Whether there is another queue to move the ticket into."""
    return actor.rights is not None and len(actor.rights.ids(Right.MOVE_INTO)) > 1


screen = Screen(
    name="move",
    path="wachtrij",
    group=Group.NEAR,
    right=Right.ALL,
    words=Words(
        action=_("Change queue"),
        title=_("Move ticket"),
        button=_("Submit"),
        notice=_("{ticket} has been moved to {queue}."),
        icon="move",
    ),
    form=MoveForm,
    act=act,
    fits=has_a_way_out,
)
