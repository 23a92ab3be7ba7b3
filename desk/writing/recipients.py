"""To whom a mail goes, on the forms that send one."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.customers.words import FoundCustomer, addresses_for
from desk.writing.screen_form import Check, ScreenForm, Step
from queues.models import MailAddress
from tickets.actor import Actor
from tickets.letters.answering import Recipients
from tickets.letters.letter import checked_sender
from tickets.letters.recipients import LINE_MOST, checked_recipients, checked_to, fitting, split_addresses
from tickets.models import Ticket
from tickets.queries.customers import TYPED_MOST

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


class CopyFields(ScreenForm):
    """Cc and Bcc of a mail, typed with completion or out of the address book (`book`).

    The book has whom the agent may find. Without script it is searched, and who stands in it is added, by
    steps. `ticket` is the mail's, saved or not. `sole` names the field that stands for To, where one takes
    one address alone.
    """

    actor: Actor
    ticket: Ticket
    offers_book = False
    sole: ClassVar[str] = ""

    cc = forms.CharField(
        label=_("Cc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )
    bcc = forms.CharField(
        label=_("Bcc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )

    book = forms.CharField(
        label=_("Search the address book"),
        required=False,
        max_length=TYPED_MOST,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "aria-label": _("Search the address book"),
                "autocomplete": "off",
                "placeholder": _("Name, e-mail address or customer code"),
            }
        ),
    )

    def find_in_book(self) -> None:
        """Show who fits what was typed."""
        self.offers_book = True

    def add_from_book(self, field: str) -> None:
        """Put an address of the book into a field, behind what stands there; alone into the sole one."""
        self.offers_book = True
        into = self.sole if field == "to" and self.sole else field
        before = () if into == self.sole else split_addresses(self.data.get(into, ""))
        more = split_addresses(str(self.data.get(f"book_{field}", "")))
        self.put(into, ", ".join(fitting([*before, *more])))

    steps: ClassVar[Mapping[str, Step]] = {
        "find_in_book": find_in_book,
        "book_to": partial(add_from_book, field="to"),
        "book_cc": partial(add_from_book, field="cc"),
        "book_bcc": partial(add_from_book, field="bcc"),
    }

    @property
    def in_book(self) -> list[FoundCustomer]:
        """Who was found, once for each address."""
        typed = str(self["book"].value() or "")[:TYPED_MOST]
        return addresses_for(self.actor, typed=typed) if self.offers_book and typed else []

    def addresses(self, field: str) -> tuple[str, ...]:
        """The addresses typed into a field."""
        return split_addresses(self.cleaned_data[field])

    def checks(self) -> Iterator[Check]:
        """Addresses are judged by what is known of them."""
        yield from super().checks()
        for name in ("cc", "bcc"):
            if name in self.cleaned_data:
                yield partial(checked_recipients, name, self.addresses(name), ticket=self.ticket)


class RecipientFields(CopyFields, ToField):
    """To, Cc and Bcc of a mail of a ticket."""

    @property
    def recipients(self) -> Recipients:
        """Whom the mail that it is about says that it goes to; nobody, where that says nothing of it."""
        return Recipients(to=())

    @property
    def in_copy(self) -> list[str]:
        """Whom that mail went to as well, and this one does not."""
        return []
