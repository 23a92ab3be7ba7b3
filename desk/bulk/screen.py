"""Bulkactie: what is to be done to each of the chosen tickets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from uuid import UUID

from crispy_forms.layout import Layout
from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agent
from desk.bulk.choosing import DO
from desk.bulk.verbs import BULK, CHANGING, LOCK, UNLOCK, verb_named
from desk.frame import AgentRequest
from desk.writing.about import About
from desk.writing.behind import Behind
from desk.writing.forms import RemarkForm
from desk.writing.kinds import NoteKind
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.outcome import Outcome
from desk.writing.screen import Deed, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields, next_states
from queues.models import Queue, QueuePermission
from queues.owners import owners_in, queues_to_move_into
from tickets.actions.bulk import Change
from tickets.actions.owner import check_may_own
from tickets.actor import Actor
from tickets.bulks import ask, find_bulk, tickets_of
from tickets.errors import NotAllowed
from tickets.models import Bulk, Priority

Right = QueuePermission.Right
SHOWN_MOST = 8
"""Of the chosen tickets; the others are behind a fold."""
KEEP = _("– (stays as it is)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the tickets: what it is called, and who keeps it from being changed, if it is skipped."""

    title: str
    holder: str


def is_lock(value: str) -> bool:
    """Whether a ticket is to end locked, as the field says it."""
    return value == LOCK


class BulkForm(StateFields, RemarkForm, NoteKind):
    """What may be changed, all of which may stay as it is, and a note."""

    first_subject = _("Bulk action")
    new_owner: "forms.ModelChoiceField[Agent]" = forms.ModelChoiceField(
        label=_("New owner"), queryset=None, required=False, empty_label=KEEP
    )
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
        Part("desk/bulk/_chosen.html"),
        Row("queue", "new_owner", "state", "pending_until", "priority", "lock", look="formgrid--2"),
        Editor(),
        Files(),
        Row("kind", "time_units"),
    )
    foot = Layout(Part("desk/bulk/_how_many.html"))

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.about, self.actor = writing.about, writing.actor
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
        """The identity of the choice, and what the button that was pressed means."""
        begun = dict(verb_named(writing.query.get(DO, "")).first)
        if "state" in begun:
            keys = {state.key: str(state.pk) for state in next_states()}
            begun["state"] = keys.get(begun["state"], "")
        return {**super().first(writing), **begun, "submission": bulk_of(writing.about).submission}

    @property
    def chosen(self) -> list[Chosen]:
        """The tickets, in the order in which they were made."""
        agent = self.actor.agent
        return [
            Chosen(ticket.title, str(ticket.owner) if ticket.is_held_by_another(agent) else "")
            for ticket in self.about.tickets
        ]

    @property
    def first_chosen(self) -> Sequence[Chosen]:
        """Those that are always in sight."""
        return self.chosen[:SHOWN_MOST]

    @property
    def more_chosen(self) -> Sequence[Chosen]:
        """Those behind a fold."""
        return self.chosen[SHOWN_MOST:]

    @property
    def free(self) -> int:
        """How many are not a colleague's."""
        return sum(not chosen.holder for chosen in self.chosen)

    @property
    def more_at(self) -> str:
        """The list once more, to choose more tickets in it, where one came from a list."""
        bulk = bulk_of(self.about)
        mark = "&" if "?" in bulk.leads_to else "?"
        return f"{bulk.leads_to}{mark}{BULK}={bulk.submission}" if bulk.leads_to else ""

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


def bulk_of(about: About) -> Bulk:
    """What was chosen. Raises `LookupError` for what is not about that."""
    if about.bulk is None:
        raise LookupError("These tickets were not chosen in a list.")
    return about.bulk


def bulk_or_404(request: AgentRequest, submission: UUID) -> Bulk:
    """The agent's own bulk action; for all others a 404, as for one that is not there."""
    try:
        return find_bulk(submission, actor=request.actor)
    except Bulk.DoesNotExist as error:
        raise Http404 from error


def chosen_tickets(request: AgentRequest, *, bulk: UUID) -> About:
    """What the agent chose of what they may see; 404 where they did not, or nothing of it is left."""
    found = bulk_or_404(request, bulk)
    tickets = tuple(tickets_of(found, actor=request.actor))
    if not tickets:
        raise Http404
    title = verb_named(request.GET.get(DO, "")).title(len(tickets))
    return About(tickets=tickets, bulk=found, title=title, leads_to=found.leads_to)


def where_anything_may(actor: Actor, about: About, right: str) -> About:
    """All of it, where something can be changed in one of the tickets at least; each is asked later."""
    queues = {ticket.queue_id for ticket in about.tickets}
    if not any(actor.may(right, queue) for right in CHANGING for queue in queues):
        raise NotAllowed
    return about


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


def nothing_behind(request: AgentRequest, about: About) -> dict[str, object]:
    """The page behind it stands by itself."""
    return {}


BEHIND = Behind("desk/bulk/behind.html", nothing_behind)

screen = Screen(
    name="bulk",
    at="bulk/<uuid:bulk>/",
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
