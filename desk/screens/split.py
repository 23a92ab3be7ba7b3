"""Split: a message of a ticket becomes a ticket of its own, noted down or written to its customer."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.forms.boundfield import BoundWidget
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from desk.customers.words import FoundCustomer
from desk.frame import AgentRequest
from desk.screens import new_email, new_phone
from desk.screens.new_ticket import NewTicketForm, onward
from desk.writing.about import About, all_or_none, one_article
from desk.writing.layout import Files, Part
from desk.writing.outcome import Outcome
from desk.writing.quoted import quoted_html
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from richtext.admin_texts import with_place_to_write
from richtext.images import shown_images
from tickets.actions.new_mail import MailTicket, create_by_mail
from tickets.actions.new_ticket import PhoneTicket, create_by_phone, may_be_split
from tickets.actor import Actor
from tickets.errors import NotAllowed
from tickets.letters.answering import quotation
from tickets.letters.subjects import clean_subject
from tickets.models import Attachment, Ticket, Upload
from tickets.queries.customers import address_meant

Right = QueuePermission.Right


def splittable(request: AgentRequest, *, number: str) -> About:
    """An article of the ticket that is not between agents."""
    about = one_article(request, number=number)
    if about.article is None or not may_be_split(about.article):
        raise Http404
    return about


def who_may_split(actor: Actor, about: About, right: str) -> About:
    """Who sees the ticket, and may make one somewhere."""
    if not actor.agent_rights.may_create:
        raise NotAllowed
    return all_or_none(actor, about, right)


def may_make_tickets(actor: Actor, ticket: Ticket) -> bool:
    """Whether there is a queue to make the new one in."""
    return actor.rights is not None and actor.rights.may_create


class SplitFields(NewTicketForm):
    """A new ticket, filled in with what the message says; `along` are those of its files that go with it."""

    along = forms.MultipleChoiceField(
        label=_("Goes along"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        article = writing.about.article
        if article is None:
            raise LookupError("There is nothing to be split.")
        self.ticket, self.article = writing.about.ticket, article
        super().__init__(*args, writing=writing, **kwargs)
        self.initial.setdefault("along", [str(file.pk) for file in self.its_files])
        choices = [(str(file.pk), file.name) for file in self.its_files]
        cast("forms.MultipleChoiceField", self.fields["along"]).choices = choices
        self.fields["customer"].widget.attrs.pop("data-focus")

    def first(self, writing: Writing) -> dict[str, object]:
        """The same customer, queue and subject, and what was said as a quotation."""
        number, subject = self.ticket.number, self.article.subject or self.ticket.title
        quote = quotation(self.article, quoted_html=quoted_html(self.ticket, self.article))
        text = self.new(subject=clean_subject(number=number, subject=subject), html=self.around(quote))
        queue = self.ticket.queue_id
        may = writing.actor.may(Right.CREATE, queue)
        return super().first(writing) | text | self._customer() | ({"queue": queue} if may else {})

    def around(self, quote: str) -> str:
        """The text with what was said in it, which is the question that is noted down."""
        return with_place_to_write(quote)

    def _customer(self) -> dict[str, object]:
        """The ticket's; of a stranger's message, which its customer does not see, whoever wrote it."""
        customer = self.ticket.customer
        if customer is None or not self.article.is_visible:
            return {"customer": self.article.from_header}
        self.meant = customer
        address = address_meant(customer, typed=self.article.from_header)
        named = FoundCustomer(customer, "", address).value
        return {"customer": named, "customer_id": customer.pk, "customer_for": named}

    @cached_property
    def its_files(self) -> list[Attachment]:
        """The message's own files, those too that stand in its text."""
        return list(self.article.attachments.select_related("blob").order_by("pk"))

    @cached_property
    def in_the_text(self) -> set[Attachment]:
        """Those that its text shows, with script."""
        return (
            set(shown_images(self.article.html, self.its_files).values())
            if self.article.is_visible
            else set()
        )

    @property
    def boxes(self) -> list[tuple[BoundWidget, Attachment, bool]]:
        """A box to tick for each file, and whether the text shows it."""
        return [
            (box, file, file in self.in_the_text)
            for box, file in zip(self["along"], self.its_files, strict=True)
        ]

    @property
    def chosen_files(self) -> list[Attachment]:
        """The files that go along beside the text; with script its images are in it, or were taken out."""
        in_the_text = self.in_the_text if self.cleaned_data["rich"] else set()
        chosen = self.cleaned_data["along"]
        return [file for file in self.its_files if str(file.pk) in chosen and file not in in_the_text]

    def values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """The values of `NewTicket`, of a form that is valid."""
        return super().values(uploads) | {"split_from": self.article, "along": self.chosen_files}


def with_files_of_message(layout: Layout, *, other: str) -> Layout:
    """The layout of a new ticket, with what Split says first, and with the message's files before the others.

    `other` is the screen that makes the other kind of ticket.
    """
    fields = list(layout.fields)
    at = next(place for place, field in enumerate(fields) if isinstance(field, Files))
    along = Part("desk/writing/_along.html", "along")
    return Layout(Part(f"desk/screens/{other}.html"), *fields[:at], along, *fields[at:])


class SplitPhoneForm(SplitFields, new_phone.NewPhoneForm):
    """What the customer asked, as a question of its own."""

    layout = with_files_of_message(new_phone.NewPhoneForm.layout, other="_split_by_phone")


class SplitEmailForm(SplitFields, new_email.NewEmailForm):
    """A mail to the customer about what they asked."""

    layout = with_files_of_message(new_email.NewEmailForm.layout, other="_split_by_email")

    def around(self, quote: str) -> str:
        """The text with what was said below it, folded as in an answer."""
        return with_place_to_write("") + quote


def act_by_phone(deed: Deed, form: SplitPhoneForm) -> Outcome:
    """Make a ticket of it."""
    receipt = bool(form.cleaned_data.get("receipt"))
    new = PhoneTicket(**form.values(deed.uploads), receipt=receipt)
    return onward(deed, create_by_phone(actor=deed.actor, new=new, now=deed.now), another=deed.about.back)


def act_by_email(deed: Deed, form: SplitEmailForm) -> Outcome:
    """Make a ticket of it by writing to the customer."""
    new = MailTicket(**form.values(deed.uploads), cc=form.addresses("cc"), bcc=form.addresses("bcc"))
    return onward(deed, create_by_mail(actor=deed.actor, new=new, now=deed.now), another=deed.about.back)


by_phone = Screen(
    name="split",
    path="split",
    find=splittable,
    admit=who_may_split,
    asks=("article",),
    group=Group.ARTICLE,
    right=Right.READ,
    takes_lock=False,
    words=Words(
        action=_("Split"),
        title=_("Split: new ticket"),
        button=_("Save"),
        hint=_("The customer gets no e-mail."),
        notice=_("{ticket} has been split off, in {queue}."),
        icon="split",
    ),
    form=SplitPhoneForm,
    act=act_by_phone,
    fits=may_make_tickets,
    suits=may_be_split,
)

by_email = Screen(
    name="split_email",
    path="split-e-mail",
    find=splittable,
    admit=who_may_split,
    asks=("article",),
    group=None,
    right=Right.READ,
    takes_lock=False,
    words=Words(
        action=_("Split"),
        title=_("Split: new e-mail ticket"),
        button=_("Send"),
        notice=_("{ticket} has been split off, and its e-mail to {to} is under way."),
        icon="split",
        button_icon="out",
    ),
    form=SplitEmailForm,
    act=act_by_email,
    fits=may_make_tickets,
    suits=may_be_split,
)
