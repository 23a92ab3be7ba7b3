"""Wijzig wachtrij: hand a ticket to another team."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent
from desk.writing.ask import Ask, AskFields
from desk.writing.layout import Editor, Files, Row
from desk.writing.owners import OwnerField, OwnerSelect, OwnersOf
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields, next_states
from queues.models import Queue, QueuePermission
from queues.owners import possible_readers, queues_to_move_into, read_queues, those_in_order
from richtext.convert import text_to_html
from tickets.actions.move import check_target, move_ticket
from tickets.actor import Actor
from tickets.changing.once import Done
from tickets.models import Ticket
from tickets.queries.owners import previous_owners

Right = QueuePermission.Right


class MoveForm(StateFields, AskFields):
    """The new queue, and, if one knows who, the new owner: one of those who answer there."""

    first_subject = _("Change queue")
    needs_subject = needs_text = False
    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("New queue"),
        queryset=None,
        empty_label=_("Choose a queue"),
        widget=forms.Select(attrs={"data-focus": True}),
        error_messages={"required": _("Choose the queue the ticket goes to.")},
    )
    new_owner = OwnerField(
        label=_("New owner"),
        queryset=None,
        required=False,
        empty_label=_("- keep as it is -"),
        widget=OwnerSelect,
    )
    previous_owner = OwnerField(
        label=_("Previous owner"), queryset=None, required=False, empty_label="–", widget=OwnerSelect
    )

    layout = Layout(
        Row("queue", "new_owner", "previous_owner", "subject", look="formgrid--2"),
        Editor(),
        Ask(),
        Files(),
        Row("state", "pending_until", "time_units"),
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.ticket = writing.about.ticket
        super().__init__(*args, writing=writing, **kwargs)
        rights = writing.actor.agent_rights
        queues = cast("forms.ModelChoiceField[Queue]", self.fields["queue"])
        queues.queryset = queues_to_move_into(rights=rights, but=self.ticket.queue_id)
        self._offer_owners(OwnersOf(rights, Right.MOVE_INTO))
        readers = possible_readers(rights=rights, right=Right.MOVE_INTO)
        self.offer_colleagues(readers, read=read_queues(rights=rights, right=Right.MOVE_INTO))
        self.offer(next_states(), keep=True)

    def _offer_owners(self, owners: OwnersOf) -> None:
        """Those who may own it, and of them who did before, the last one first."""
        owners.offer(self.fields["new_owner"])
        before = those_in_order(owners.able, ids=previous_owners(self.ticket))
        owners.offer(self.fields["previous_owner"], only=before)

    @property
    def chosen_owner(self) -> Agent | None:
        """Who is to own it, of a form that is valid."""
        data = self.cleaned_data
        return cast("Agent | None", data["new_owner"] or data["previous_owner"])

    def clean(self) -> dict[str, object]:
        """One new owner, by whichever name."""
        cleaned = super().clean()
        if cleaned.get("new_owner") and cleaned.get("previous_owner") not in (None, cleaned["new_owner"]):
            self.add_error("previous_owner", _("Choose a new owner or a previous one, not both."))
        return cleaned

    def checks(self) -> Iterator[Check]:
        """Not everybody who may own tickets may own them in each queue."""
        yield from super().checks()
        if {"queue", "new_owner", "previous_owner"} <= self.cleaned_data.keys():
            yield partial(
                check_target,
                ticket=self.ticket,
                queue=self.cleaned_data["queue"],
                new_owner=self.chosen_owner,
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
        new_owner=form.chosen_owner,
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
        key="m",
    ),
    form=MoveForm,
    act=act,
    leads_on=True,
    fits=has_a_way_out,
)
