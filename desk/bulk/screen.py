"""Bulkactie: what is to be done to each of the chosen tickets."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agent
from desk.bulk.chosen import AT, CHOSEN, HOW_MANY, AboutChosen, bulk_of, chosen_tickets, where_it_may
from desk.bulk.verbs import CHANGING, DO, LOCK, UNLOCK, verb_named
from desk.writing.about import About
from desk.writing.forms import RemarkForm
from desk.writing.kinds import NoteKind
from desk.writing.layout import Editor, Files, Row
from desk.writing.outcome import Outcome
from desk.writing.owners import OwnerField
from desk.writing.screen import Deed, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields, next_states
from queues.models import Queue, QueuePermission
from queues.owners import owners_in, queues_to_move_into
from tickets.actions.bulk import Change
from tickets.actions.owner import check_may_own
from tickets.actor import Actor
from tickets.bulks import ask
from tickets.models import Priority

Right = QueuePermission.Right
KEEP = _("- keep as it is -")


def is_lock(value: str) -> bool:
    """Whether a ticket is to end locked, as the field says it."""
    return value == LOCK


class BulkForm(AboutChosen, StateFields, RemarkForm, NoteKind):
    """What may be changed, all of which may stay as it is, and a note."""

    first_subject = _("Bulk action")
    new_owner = OwnerField(label=_("New owner"), queryset=None, required=False, empty_label=KEEP)
    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("New queue"), queryset=None, required=False, empty_label=KEEP
    )
    priority = forms.TypedChoiceField(
        label=_("New priority"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", KEEP), *((each.value, each.label) for each in reversed(Priority))],
    )
    lock = forms.TypedChoiceField(
        label=_("Lock"),
        coerce=is_lock,
        empty_value=None,
        required=False,
        choices=[("", KEEP), (LOCK, pgettext_lazy("verb", "Lock")), (UNLOCK, _("Unlock"))],
    )

    layout = Layout(
        CHOSEN,
        Row("queue", "new_owner", "state", "pending_until", "priority", "lock", look="formgrid--2"),
        Editor(),
        Files(),
        Row("kind", "time_units"),
    )
    foot = Layout(HOW_MANY)

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        rights = writing.actor.agent_rights
        queues = cast("forms.ModelChoiceField[Queue]", self.fields["queue"])
        queues.queryset = queues_to_move_into(rights=rights)
        owners = cast("forms.ModelChoiceField[Agent]", self.fields["new_owner"])
        here = {ticket.queue_id for ticket in self.about.tickets}
        owners.queryset = owners_in(*here, *rights.ids(Right.MOVE_INTO))
        self.offer(next_states(), keep=True)
        focus = verb_named(writing.query.get(DO, "")).focus
        if focus:
            self.fields[focus].widget.attrs["data-focus"] = True

    def first(self, writing: Writing) -> dict[str, object]:
        """What the button that was pressed means."""
        begun = dict(verb_named(writing.query.get(DO, "")).first)
        if "state" in begun:
            keys = {state.key: str(state.pk) for state in next_states()}
            begun["state"] = keys.get(begun["state"], "")
        return {**super().first(writing), **begun}

    def change(self) -> Change:
        """What was chosen, of a form that is valid."""
        names = ("queue", "new_owner", "priority", "state", "pending_until", "lock")
        return Change(**{name: self.cleaned_data[name] for name in names})

    def checks(self) -> Iterator[Check]:
        """An owner who answers in the chosen queue."""
        yield from super().checks()
        queue, owner = (self.cleaned_data.get(name) for name in ("queue", "new_owner"))
        if queue is not None and owner is not None:
            yield partial(check_may_own, owner, queue_id=queue.pk)


def where_anything_may(actor: Actor, about: About, right: str) -> About:
    """All of it, where something can be changed in one of the tickets at least."""
    return where_it_may(actor, about, *CHANGING)


def act(deed: Deed, form: BulkForm) -> Outcome:
    """Ask for it; it is done in the background, and the page that it leads to shows that."""
    bulk = ask(
        actor=deed.actor,
        bulk=bulk_of(deed.about),
        change=form.change(),
        note=form.written(deed.uploads),
        now=deed.now,
    )
    return Outcome(done=(), onward=reverse("desk:bulk_result", args=[bulk.submission]))


screen = Screen(
    name="bulk",
    at=AT,
    path="wijzigen",
    find=chosen_tickets,
    admit=where_anything_may,
    group=None,
    right=Right.READ,
    takes_lock=False,
    words=Words(
        action=_("Bulk action"),
        title=_("Bulk action"),
        button=_("Submit"),
        notice=_("Bulk action"),
        icon="layers",
    ),
    form=BulkForm,
    act=act,
)
