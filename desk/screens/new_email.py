"""Nieuw e-mail ticket: write to a customer who has not asked."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple, cast

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.customers.fields import WhichCustomer
from desk.screens.new_ticket import AT, FieldsOfQueue, Made, NewTicketForm, no_ticket, onward
from desk.writing.free_fields import FreeFields
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.outcome import Outcome
from desk.writing.screen import Deed, Screen, Words
from desk.writing.screen_form import Check, Writing
from queues.models import Queue, QueuePermission
from queues.owners import queues_to_write_from
from tickets.actions.new_mail import MailTicket, create_by_mail
from tickets.letters.answering import signature_of
from tickets.letters.recipients import LINE_MOST, checked_recipients, split_addresses
from tickets.models import Ticket

COPIES = {
    "autocomplete": "off",
    "spellcheck": "false",
    "maxlength": LINE_MOST,
    "placeholder": _("optional"),
}
UNKNOWN_NUMBER = "…"
"""Stands for the ticket's number where a signature is only shown."""


class SenderField(forms.ModelChoiceField):  # type: ignore[type-arg]  # of queues
    """Queues, each with the address that its mail comes from."""

    def label_from_instance(self, obj: Any) -> str:
        """The queue's name, and its address."""
        return f"{obj} <{obj.sender.address}>"


class ShownSignature(NamedTuple):
    """What stands below the mails of some queues (their ids), and whether one of them is chosen."""

    html: str
    queues: list[str]
    is_chosen: bool


class NewEmailForm(NewTicketForm):
    """To whom, from which queue, what; the queue's signature is put below it."""

    is_written_to = True
    queue = SenderField(
        label=_("From (queue)"),
        queryset=None,
        empty_label=_("Choose a queue"),
        error_messages={"required": _("Choose the queue that the ticket is for.")},
    )
    cc = forms.CharField(
        label=_("Cc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=COPIES)
    )
    bcc = forms.CharField(
        label=_("Bcc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=COPIES)
    )

    layout = Layout(
        Made(),
        WhichCustomer(),
        Part("desk/screens/_who.html"),
        Row("cc", "bcc", look="formgrid--2"),
        Row("queue", "subject", look="formgrid--2"),
        Editor(),
        Part("desk/screens/_signatures.html"),
        Files(),
        FieldsOfQueue(),
        FreeFields(),
        Row("new_owner", "state", "pending_until", "priority", "time_units"),
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        self.fields["customer"].label = _("To (customer)")
        self.queues = queues_to_write_from(rights=writing.actor.agent_rights)
        cast("SenderField", self.fields["queue"]).queryset = self.queues

    def signatures(self) -> Iterator[ShownSignature]:
        """What will stand below the text, queue by queue; what several have, once."""
        shown: dict[str, list[str]] = {}
        for queue in self.queues:
            html = self._signature(queue)
            if html:
                shown.setdefault(html, []).append(str(queue.pk))
        chosen = str(self["queue"].value() or "")
        for html, queues in shown.items():
            yield ShownSignature(html, queues, chosen in queues)

    def _signature(self, queue: Queue) -> str:
        ticket = Ticket(number=UNKNOWN_NUMBER, queue=queue)
        return signature_of(ticket, agent=self.actor.agent)

    def addresses(self, field: str) -> tuple[str, ...]:
        """The addresses typed into a field."""
        return split_addresses(self.cleaned_data[field])

    def checks(self) -> Iterator[Check]:
        """Addresses are judged by what is known of them."""
        yield from super().checks()
        for name in ("cc", "bcc"):
            if name in self.cleaned_data:
                yield partial(checked_recipients, name, self.addresses(name), ticket=Ticket())


def act(deed: Deed, form: NewEmailForm) -> Outcome:
    """Make the ticket, and send the mail."""
    new = MailTicket(**form.values(deed.uploads), cc=form.addresses("cc"), bcc=form.addresses("bcc"))
    done = create_by_mail(actor=deed.actor, new=new, now=deed.now)
    return onward(deed, done, another=reverse("desk:new_email"))


screen = Screen(
    name="new_email",
    path="e-mail",
    at=AT,
    find=no_ticket,
    group=None,
    right=QueuePermission.Right.CREATE,
    takes_lock=False,
    words=Words(
        action=_("New e-mail ticket"),
        title=_("New e-mail ticket"),
        button=_("Send"),
        notice=_("{ticket} has been made, and its e-mail to {to} is under way."),
        icon="out",
        button_icon="out",
    ),
    form=NewEmailForm,
    act=act,
)
