"""Nieuw e-mail ticket: write to a customer who has not asked."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from desk.screens.new_ticket import NewTicketForm, laid_out, new_ticket_screen
from desk.writing.layout import Part
from desk.writing.recipients import CopyFields
from desk.writing.screen import Deed, Words
from desk.writing.screen_form import Writing
from desk.writing.standard import Kind, standard_text_field
from queues.models import Queue
from queues.owners import queues_to_write_from
from tickets.actions.new_mail import MailTicket, create_by_mail
from tickets.changing.once import Done
from tickets.letters.answering import signature_of
from tickets.letters.placeholders import NUMBER_TO_COME
from tickets.models import Ticket

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


class NewEmailForm(CopyFields, NewTicketForm):
    """To whom, from which queue, what; the queue's signature is put below it."""

    is_written_to, sole, another = True, "customer", "desk:new_email"
    texts, number = Kind.ANSWER, NUMBER_TO_COME
    queue = SenderField(
        label=_("From (queue)"),
        queryset=None,
        empty_label=_("Choose a queue"),
        error_messages={"required": _("Choose the queue that the ticket is for.")},
    )

    template = standard_text_field(_("Standard answer"))
    steps = {**NewTicketForm.steps, **CopyFields.steps}
    layout = laid_out(
        Part("desk/screens/_copies.html", "cc", "bcc", "book"), below=[Part("desk/screens/_signatures.html")]
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

    @property
    def copies(self) -> list[BoundField]:
        """The fields of who else gets it."""
        return [self["cc"], self["bcc"]]

    def _signature(self, queue: Queue) -> str:
        ticket = Ticket(number=UNKNOWN_NUMBER, queue=queue)
        return signature_of(ticket, agent=self.actor.agent)

    def make(self, deed: Deed) -> Done:
        """Send the mail that makes it."""
        new = MailTicket(**self.values(deed.uploads), cc=self.addresses("cc"), bcc=self.addresses("bcc"))
        return create_by_mail(actor=deed.actor, new=new, now=deed.now)


screen = new_ticket_screen(
    NewEmailForm,
    name="new_email",
    path="e-mail",
    words=Words(
        action=_("New e-mail ticket"),
        title=_("New e-mail ticket"),
        button=_("Send"),
        notice=_("{ticket} has been made, and its e-mail to {to} is under way."),
        icon="out",
        button_icon="out",
    ),
)
