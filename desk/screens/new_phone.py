"""Nieuw telefoon ticket: what a customer said by telephone, or face to face, as a ticket of its own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from desk.customers.completion import NEW_NAME
from desk.screens.new_ticket import NewTicketForm, laid_out, new_ticket_screen
from desk.writing.layout import Part
from desk.writing.screen import Deed, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.standard import Kind
from queues.models import AutoResponse, QueuePermission
from queues.texts import auto_responses_of
from tickets.actions.new_ticket import PhoneTicket, check_receipt, create_by_phone
from tickets.changing.once import Done
from tickets.queries.customers import address_meant


class NewPhoneForm(NewTicketForm):
    """Who called, what they said, and whether they are sent that it came in."""

    takes_new, another = NEW_NAME, "desk:new_phone"
    texts = Kind.PHONE
    receipt = forms.BooleanField(label=_("Send the customer a confirmation of receipt"), required=False)

    layout = Layout(*laid_out().fields, Part("desk/screens/_receipt.html", "receipt"))

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        field = self.fields["customer"]
        field.label = _("Who asks")
        field.help_text = _(
            "Name, e-mail address or customer code. It can be somebody without an address, too; "
            "then you can't answer by e-mail later."
        )
        confirming = self._confirming(writing)
        if confirming:
            self.fields["receipt"].widget.attrs["data-for-queues"] = " ".join(map(str, confirming))
        else:
            del self.fields["receipt"]

    def _confirming(self, writing: Writing) -> list[int]:
        """The ids of the queues that have a text to confirm with."""
        queues = writing.actor.agent_rights.ids(QueuePermission.Right.CREATE)
        texts = auto_responses_of(queues)
        return sorted(queue for queue, kind in texts if kind == AutoResponse.Kind.NEW_TICKET)

    def checks(self) -> Iterator[Check]:
        """A confirmation needs a text, and somewhere to go."""
        yield from super().checks()
        data = self.cleaned_data
        if data.get("receipt") and data.get("queue") and self.meant:
            address = address_meant(self.meant, typed=data["customer"])
            yield partial(check_receipt, queue=data["queue"], address=address)

    def make(self, deed: Deed) -> Done:
        """Note down what was said."""
        receipt = bool(self.cleaned_data.get("receipt"))
        new = PhoneTicket(**self.values(deed.uploads), receipt=receipt)
        return create_by_phone(actor=deed.actor, new=new, now=deed.now)


screen = new_ticket_screen(
    NewPhoneForm,
    name="new_phone",
    path="telefoon",
    words=Words(
        action=_("New phone ticket"),
        title=_("New phone ticket"),
        button=_("Save"),
        hint=_("The customer gets no e-mail."),
        notice=_("{ticket} has been made in {queue}."),
        icon="phone-in",
        key="c",
    ),
)
