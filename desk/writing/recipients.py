"""To whom a mail goes, on the forms that send one."""

from collections.abc import Iterator
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.writing.screen_form import Check, ScreenForm
from queues.models import MailAddress
from tickets.letters.answering import Recipients
from tickets.letters.letter import checked_sender
from tickets.letters.recipients import LINE_MOST, checked_recipients, checked_to, split_addresses
from tickets.models import Ticket

ADDRESSES = {"autocomplete": "off", "spellcheck": "false", "maxlength": LINE_MOST}
MORE_ADDRESSES = ADDRESSES | {"placeholder": _("optional")}


class ToField(ScreenForm):
    """To of a mail that the queue of the form's `ticket` sends."""

    ticket: Ticket

    to = forms.CharField(
        label=_("To"),
        max_length=LINE_MOST,
        widget=forms.TextInput(attrs=ADDRESSES),
        error_messages={"required": _("Give at least one address to send it to.")},
    )

    @property
    def sender(self) -> MailAddress | None:
        """The address that the mail comes from."""
        return self.ticket.queue.sender

    def addresses(self, field: str) -> tuple[str, ...]:
        """The addresses typed into a field."""
        return split_addresses(self.cleaned_data[field])

    def checks(self) -> Iterator[Check]:
        """Addresses are judged by what is known of them."""
        yield from super().checks()
        yield partial(checked_sender, self.ticket.queue)
        if "to" in self.cleaned_data:
            yield partial(self.check_to, self.addresses("to"))

    def check_to(self, addresses: tuple[str, ...]) -> object:
        """What the action would refuse of them."""
        return checked_to(addresses, ticket=self.ticket)


class RecipientFields(ToField):
    """To, Cc and Bcc."""

    cc = forms.CharField(
        label=_("Cc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )
    bcc = forms.CharField(
        label=_("Bcc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )

    @property
    def recipients(self) -> Recipients:
        """Whom the mail that it is about says that it goes to; nobody, where that says nothing of it."""
        return Recipients(to=())

    @property
    def in_copy(self) -> list[str]:
        """Whom that mail went to as well, and this one does not."""
        return []

    def checks(self) -> Iterator[Check]:
        """Of Cc and Bcc as well."""
        yield from super().checks()
        for name in ("cc", "bcc"):
            if name in self.cleaned_data:
                yield partial(checked_recipients, name, self.addresses(name), ticket=self.ticket)
