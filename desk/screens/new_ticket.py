"""What the screens have that make a ticket: their form, what it does, and where one goes then."""

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Preferences
from accounts.preferences import preferences_of
from desk.customers.fields import CustomerFields, WhichCustomer, customer_said
from desk.customers.who import Who, who_is
from desk.frame import AgentRequest
from desk.writing.about import About
from desk.writing.forms import stay
from desk.writing.free_fields import FreeFields, FreeFieldsForm
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.outcome import Outcome
from desk.writing.owners import OwnerField, OwnerSelect, OwnersOf
from desk.writing.screen import Deed, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.standard import StandardTexts
from desk.writing.state import StateFields, next_states
from desk.writing.typed import SUBJECT_MOST, read_number
from queues.models import Queue, QueuePermission
from queues.owners import queues_to_create_in
from tickets.actions.owner import check_may_own
from tickets.changing.once import Done
from tickets.models import FieldPlace, Priority, Ticket, Upload
from tickets.queries.customers import address_meant
from tickets.queries.free_fields import queues_that_ask
from tickets.states import state_by_key

Right = QueuePermission.Right
AT = "tickets/nieuw/"
"""Where the screens are that make a ticket out of nothing."""


def no_ticket(request: AgentRequest) -> About:
    """Nothing yet."""
    return About()


class Made(Part):
    """What was just made, for those who like to make another: the page behind the dialog is out of reach."""

    def __init__(self) -> None:
        super().__init__("desk/screens/_made.html")


class FieldsOfQueue(Part):
    """The step that another choice of a queue takes, where queues ask for fields of their own."""

    def __init__(self) -> None:
        super().__init__("desk/screens/_fields_of_queue.html")


def laid_out(*first: LayoutObject, below: Sequence[LayoutObject] = ()) -> Layout:
    """The fields of a new ticket; `first` come behind whose it is, `below` stands below its text."""
    return Layout(
        Made(),
        WhichCustomer(),
        Part("desk/screens/_who.html"),
        *first,
        Row("queue", "subject", look="formgrid--2"),
        Editor(),
        *below,
        Files(),
        FieldsOfQueue(),
        FreeFields(),
        Row("new_owner", "state", "pending_until", "priority", "time_units"),
    )


class NewTicketForm(CustomerFields, StateFields, FreeFieldsForm, StandardTexts):
    """Of whom, where, about what, and how the ticket begins; nobody has to be chosen as its owner.

    Its free fields are those of the queue that is chosen: another choice shows the form again, with them; its
    standard answers are that queue's, too, and name the customer. `number` is what these call the ticket, ''
    for nothing. `another` is the name of the address of an empty form, '' where one makes no other.
    """

    place = FieldPlace.NEW
    another: ClassVar[str] = ""
    number: ClassVar[str] = ""
    asked_along = ("queue", "subject", "customer", "customer_id", "customer_for")

    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=None,
        empty_label=_("Choose a queue"),
        error_messages={"required": _("Choose the queue that the ticket is for.")},
    )
    new_owner = OwnerField(
        label=_("Owner"), queryset=None, required=False, empty_label="–", widget=OwnerSelect
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=Priority.choices, initial=Priority.NORMAL
    )

    steps = {**StandardTexts.steps, **CustomerFields.steps, "choose_queue": stay}

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        rights = writing.actor.agent_rights
        queues = cast("forms.ModelChoiceField[Queue]", self.fields["queue"])
        queues.queryset = queues_to_create_in(rights=rights)
        OwnersOf(rights, Right.CREATE).offer(self.fields["new_owner"])
        self.offer(next_states(), keep=False)
        self.initial.setdefault("state", str(state_by_key("open").pk))
        self.fields["customer"].widget.attrs["data-focus"] = True

    @classmethod
    def ticket_of(cls, sent: QueryDict | None, *, writing: Writing) -> Ticket:
        """The ticket that it will be, as far as that was said: of which queue, about what, and whose."""
        before, sent = writing.about.sole_ticket, QueryDict() if sent is None else sent
        queue = read_number(sent.get("queue", before.queue_id if before else None))
        here = queue is not None and writing.actor.may(Right.CREATE, queue)
        return Ticket(
            number=cls.number,
            title=sent.get("subject", "")[:SUBJECT_MOST],
            customer=customer_said(sent, actor=writing.actor),
            **({"queue_id": queue} if here else {"queue": Queue()}),
        )

    def queue_of(self, writing: Writing) -> int | None:
        """The queue that is chosen, if this agent can."""
        chosen = read_number(self["queue"].value())
        return chosen if chosen is not None and writing.actor.may(Right.CREATE, chosen) else None

    def holder_of(self, writing: Writing) -> None:
        """None: it is still to be made, whatever it is split from."""

    @cached_property
    def asking(self) -> str:
        """The ids of the queues with free fields of their own here; 'all' where each has some."""
        ids = queues_that_ask(self.place)
        return "all" if None in ids else " ".join(str(pk) for pk in sorted(ids, key=str))

    @cached_property
    def who(self) -> Who | None:
        """Whom the field means, as far as that is known."""
        if self.meant is None:
            return None
        return who_is(self.meant, actor=self.actor, typed=str(self["customer"].value() or ""))

    def make(self, deed: Deed) -> Done:
        """Make the ticket, of a form that is valid."""
        raise NotImplementedError

    def values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """The values of `NewTicket`, of a form that is valid."""
        names = ("queue", "new_owner", "state", "pending_until", "priority")
        return (
            self.written_values(uploads)
            | {name: self.cleaned_data[name] for name in names}
            | {
                "filled": self.filled(),
                "customer": self.whom,
                "address": address_meant(self.whom, typed=self.cleaned_data["customer"]),
            }
        )

    def checks(self) -> Iterator[Check]:
        """Not everybody who may own tickets may own them in each queue."""
        yield from super().checks()
        new_owner, queue = self.cleaned_data.get("new_owner"), self.cleaned_data.get("queue")
        if new_owner is not None and queue is not None:
            yield partial(check_may_own, new_owner, queue_id=queue.pk)


def act(deed: Deed, form: NewTicketForm) -> Outcome:
    """Make the ticket, and go where this agent likes to go after that."""
    done = form.make(deed)
    another = reverse(form.another) if form.another else deed.about.back
    rights, agent, ticket = deed.actor.agent_rights, deed.actor.agent, done.ticket
    likes = preferences_of(agent).after_new_ticket if agent else Preferences.AfterNew.FORM
    if likes == Preferences.AfterNew.FORM:
        return Outcome(done=(done,), onward=another)
    if ticket.queue_id not in rights.visible:
        return Outcome(done=(done,), onward=reverse("desk:queues"))
    if likes == Preferences.AfterNew.TICKET:
        return Outcome(done=(done,), onward=reverse("desk:zoom", args=[ticket.number]))
    return Outcome(done=(done,), onward=reverse("desk:queue", args=[ticket.queue_id]))


def new_ticket_screen(form: type[NewTicketForm], *, name: str, path: str, words: Words) -> Screen[Any]:
    """A screen that makes a ticket out of nothing."""
    return Screen(
        name=name,
        path=path,
        at=AT,
        find=no_ticket,
        group=None,
        right=Right.CREATE,
        takes_lock=False,
        words=words,
        form=form,
        act=act,
    )
