"""Split: a message of a ticket becomes a ticket of its own, noted down or written to its customer."""

from typing import Any

from crispy_forms.layout import Layout
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from desk.customers.words import FoundCustomer
from desk.frame import AgentRequest
from desk.screens import new_email, new_phone
from desk.screens.new_ticket import NewTicketForm, act
from desk.writing.about import About, all_or_none, one_article
from desk.writing.along import Along, AlongField
from desk.writing.layout import Files, Part
from desk.writing.quoted import quoted_html
from desk.writing.screen import Group, Screen, Words
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from richtext.admin_texts import with_place_to_write
from tickets.actions.new_ticket import may_be_split
from tickets.actor import Actor
from tickets.errors import NotAllowed
from tickets.letters.answering import quotation
from tickets.letters.subjects import clean_subject
from tickets.models import Ticket, Upload
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


class SplitFields(AlongField, NewTicketForm):
    """A new ticket, filled in with what the message says; `along` are those of its files that go with it."""

    another = ""

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        article = writing.about.article
        if article is None:
            raise LookupError("There is nothing to be split.")
        self.message = self.article = article
        super().__init__(*args, writing=writing, **kwargs)
        self.fields["customer"].widget.attrs.pop("data-focus")

    def first(self, writing: Writing) -> dict[str, object]:
        """The same customer, queue and subject, and what was said as a quotation."""
        ticket, subject = writing.about.ticket, self.article.subject or writing.about.ticket.title
        subject = clean_subject(number=ticket.number, subject=subject)
        text = self.new(subject=subject, html=self.around(self.quote))
        queue = ticket.queue_id
        may = writing.actor.may(Right.CREATE, queue)
        return super().first(writing) | text | self._customer(ticket) | ({"queue": queue} if may else {})

    @cached_property
    def quote(self) -> str:
        """What was said."""
        return quotation(self.article, quoted_html=quoted_html(self.article.ticket, self.article))

    def around(self, quote: str) -> str:
        """The text with what was said in it, which is the question that is noted down."""
        return with_place_to_write(quote)

    def text_by(self, template: object) -> str:
        """A text with this standard answer, and what was said below it."""
        return super().text_by(template) + self.quote

    def _customer(self, ticket: Ticket) -> dict[str, object]:
        """The ticket's; of a stranger's message, which its customer does not see, whoever wrote it."""
        customer = ticket.customer
        if customer is None or not self.article.is_visible:
            return {"customer": self.article.from_header}
        self.meant = customer
        address = address_meant(customer, typed=self.article.from_header)
        named = FoundCustomer(customer, "", address).value
        return {"customer": named, "customer_id": customer.pk, "customer_for": named}

    def values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """The values of `NewTicket`, of a form that is valid."""
        return super().values(uploads) | {"split_from": self.article, "along": self.chosen_files}


def with_files_of_message(layout: Layout, *, other: str) -> Layout:
    """The layout of a new ticket, with what Split says first, and with the message's files before the others.

    `other` is the screen that makes the other kind of ticket.
    """
    fields = list(layout.fields)
    at = next(place for place, field in enumerate(fields) if isinstance(field, Files))
    return Layout(Part(f"desk/screens/{other}.html"), *fields[:at], Along(), *fields[at:])


class SplitPhoneForm(SplitFields, new_phone.NewPhoneForm):
    """What the customer asked, as a question of its own."""

    layout = with_files_of_message(new_phone.NewPhoneForm.layout, other="_split_by_phone")


class SplitEmailForm(SplitFields, new_email.NewEmailForm):
    """A mail to the customer about what they asked."""

    layout = with_files_of_message(new_email.NewEmailForm.layout, other="_split_by_email")

    def around(self, quote: str) -> str:
        """The text with what was said below it, folded as in an answer."""
        return with_place_to_write("") + quote


def split_screen(
    form: type[SplitFields], *, name: str, path: str, group: Group | None, words: Words
) -> Screen[Any]:
    """A screen that makes a ticket out of a message."""
    return Screen(
        name=name,
        path=path,
        find=splittable,
        admit=who_may_split,
        asks=("article",),
        group=group,
        right=Right.READ,
        takes_lock=False,
        words=words,
        form=form,
        act=act,
        fits=may_make_tickets,
        suits=may_be_split,
    )


by_phone = split_screen(
    SplitPhoneForm,
    name="split",
    path="split",
    group=Group.ARTICLE,
    words=Words(
        action=_("Split"),
        title=_("Split: new ticket"),
        button=_("Save"),
        hint=_("The customer gets no e-mail."),
        notice=_("{ticket} has been split off, in {queue}."),
        icon="split",
    ),
)

by_email = split_screen(
    SplitEmailForm,
    name="split_email",
    path="split-e-mail",
    group=None,
    words=Words(
        action=_("Split"),
        title=_("Split: new e-mail ticket"),
        button=_("Send"),
        notice=_("{ticket} has been split off, and its e-mail to {to} is under way."),
        icon="split",
        button_icon="out",
    ),
)
