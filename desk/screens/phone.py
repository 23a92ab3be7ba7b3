"""Uitgaand and Inkomend telefoongesprek: what was said by telephone, and what becomes of the ticket."""

import re
from functools import cached_property
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Writing
from desk.writing.standard import Kind, StandardTexts
from desk.writing.state import StateFields, next_states
from queues.models import QueuePermission
from tickets.actions.phone import Call, note_call_of_customer, note_call_to_customer
from tickets.changing.once import Done
from tickets.states import state_by_key

NOT_DIALLED = re.compile(r"[^\d+*#]")


class CallForm(StateFields, StandardTexts):
    """A subject, a text, files, time, and the next state; `usual` is the key of the one chosen first."""

    usual: ClassVar[str]
    texts = Kind.PHONE
    layout = Layout("subject", Editor(), Files(), Row("state", "pending_until", "time_units"))

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.customer: Customer | None = writing.about.ticket.customer
        super().__init__(*args, writing=writing, **kwargs)
        self.offer(next_states(), keep=False)
        self.initial.setdefault("state", str(state_by_key(self.usual).pk))

    @cached_property
    def dialled(self) -> str:
        """The customer's number without what only makes it easier to read; '' where it is not known."""
        return NOT_DIALLED.sub("", self.customer.phone) if self.customer else ""


class CallToCustomerForm(CallForm):
    """Of a call that an agent made: under whose number."""

    first_subject = _("Outgoing phone call")
    usual = "closed_successful"
    layout = Layout(Part("desk/screens/_number.html"), *CallForm.layout.fields)


class CallOfCustomerForm(CallForm):
    """Of a call that the customer made."""

    first_subject = _("Incoming phone call")
    usual = "open"


def call_of(deed: Deed, form: CallForm) -> Call:
    """What was filled in."""
    return Call(
        **form.written_values(deed.uploads),
        state=form.cleaned_data["state"],
        pending_until=form.cleaned_data["pending_until"],
    )


def act_to_customer(deed: Deed, form: CallToCustomerForm) -> Done:
    """Note the call to the customer."""
    call = call_of(deed, form)
    return note_call_to_customer(actor=deed.actor, ticket=deed.about.ticket, call=call, now=deed.now)


def act_of_customer(deed: Deed, form: CallOfCustomerForm) -> Done:
    """Note the customer's call."""
    call = call_of(deed, form)
    return note_call_of_customer(actor=deed.actor, ticket=deed.about.ticket, call=call, now=deed.now)


def words_of(form: type[CallForm], *, icon: str) -> Words:
    """What both screens say; what each is called is how its note begins."""
    return Words(
        action=form.first_subject,
        title=form.first_subject,
        button=_("Submit"),
        hint=_("Stays with the ticket; the customer gets no e-mail."),
        notice=_("The phone call in {ticket} has been saved."),
        icon=icon,
        button_icon=icon,
        again=_("Save all the same"),
    )


call_to_customer = Screen(
    name="call_to_customer",
    path="uitgaand-gesprek",
    group=Group.PHONE,
    right=QueuePermission.Right.ALL,
    words=words_of(CallToCustomerForm, icon="phone-out"),
    form=CallToCustomerForm,
    act=act_to_customer,
)

call_of_customer = Screen(
    name="call_of_customer",
    path="inkomend-gesprek",
    group=Group.PHONE,
    right=QueuePermission.Right.ALL,
    takes_lock=False,
    words=words_of(CallOfCustomerForm, icon="phone-in"),
    form=CallOfCustomerForm,
    act=act_of_customer,
)
