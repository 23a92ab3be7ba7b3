"""Bounce: a customer's mail goes on to another address as it came, and the customer is told if wanted."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.writing.about import one_article
from desk.writing.forms import WritingForm
from desk.writing.layout import Editor, Files, Part, Row
from desk.writing.recipients import ToField
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields
from outbox.addresses import read_addresses
from queues.models import QueuePermission
from richtext.convert import is_blank
from tickets.actions.bounce import (
    Bounce,
    bounce_mail,
    can_be_bounced,
    checked_bounce_to,
    checked_source,
)
from tickets.changing.once import Done
from tickets.errors import BadInput
from tickets.letters.answering import answer_to
from tickets.letters.bouncing import BOUNCE_TO, prefill_told
from tickets.models import StateType
from tickets.states import state_by_key, states_of


class BounceForm(ToField, StateFields, WritingForm):
    """Where the mail goes, whether its sender is told and by which text, and what becomes of the ticket."""

    needs_text = False
    tells_sender = forms.BooleanField(required=False)

    layout = Layout(
        Part("desk/screens/_bounce.html"),
        "to",
        "tells_sender",
        "subject",
        Editor(),
        Files(),
        Row("state", "time_units"),
    )

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.ticket, self.actor = writing.about.ticket, writing.actor
        self.mail = writing.about.article
        super().__init__(data, writing=writing)
        del self.fields["pending_until"]
        self.fields["to"].widget.attrs["data-focus"] = True
        self.fields["subject"].required = data is None or "tells_sender" in data
        self.offer(states_of(StateType.OPEN, StateType.CLOSED), keep=False)
        self.initial.setdefault("state", str(state_by_key("closed_successful").pk))
        if self.sender_told:
            told = gettext("Tell %(sender)s where the question is now") % {"sender": self.sender_told}
            self.fields["tells_sender"].label = told
            word = {"word": f"<KVV_{BOUNCE_TO}>"}
            self.fields["tells_sender"].help_text = gettext("%(word)s becomes the address above.") % word
        else:
            self.leave_out("tells_sender")

    def first(self, writing: Writing) -> dict[str, object]:
        """Nowhere to send it to yet; the sender is told, unless nobody knows whether it was them."""
        begun = super().first(writing)
        if self.mail is None:
            return begun
        told = prefill_told(ticket=self.ticket, mail=self.mail, agent=self.actor.agent)
        is_known = self.mail.is_visible and bool(self.sender_told)
        return begun | self.new(subject=told.subject, html=told.html) | {"tells_sender": is_known}

    @cached_property
    def sender_told(self) -> str:
        """The name of who could be told, else their address; '' where the mail names nobody."""
        if self.mail is None or not can_be_bounced(self.mail):
            return ""
        to = answer_to(article=self.mail, ticket=self.ticket, reply_all=False).to
        return next((name or address for name, address in read_addresses(*to)), "")

    @property
    def text_is_optional(self) -> bool:
        """It is shown only where it is needed."""
        return False

    @property
    def why_not(self) -> str:
        """Why the message can't be bounced; '' where it can."""
        try:
            checked_source(self.mail, ticket=self.ticket)
        except BadInput as refusal:
            return refusal.message
        return ""

    @property
    def can_be_sent(self) -> bool:
        """Not where it says why not."""
        return not self.why_not

    def check_to(self, addresses: tuple[str, ...]) -> object:
        """Nor does it go back to its sender."""
        if self.mail is None:
            return super().check_to(addresses)
        return checked_bounce_to(addresses, ticket=self.ticket, mail=self.mail)

    def checks(self) -> Iterator[Check]:
        """Only a mail that is kept as it came can go on."""
        yield partial(checked_source, self.mail, ticket=self.ticket)
        yield from super().checks()

    def clean(self) -> dict[str, object]:
        """Who is told is told something."""
        cleaned = super().clean()
        if cleaned.get("tells_sender") and is_blank(str(cleaned.get("html") or "")):
            self.add_error("text", gettext("Write a text for the sender first."))
        return cleaned


def act(deed: Deed, form: BounceForm) -> Done:
    """Send the mail on."""
    data = form.cleaned_data
    bounce = Bounce(
        **form.written_values(deed.uploads),
        bounced=form.mail,
        to=form.addresses("to"),
        tells_sender=data["tells_sender"],
        state=data["state"],
    )
    return bounce_mail(actor=deed.actor, ticket=deed.about.ticket, bounce=bounce, now=deed.now)


screen = Screen(
    name="bounce",
    path="bounce",
    find=one_article,
    asks=("article",),
    group=Group.ARTICLE,
    right=QueuePermission.Right.ALL,
    words=Words(
        action=_("Bounce"),
        title=_("Bounce"),
        button=_("Send"),
        notice=_("Bounced to {to}: under way · {look}"),
        icon="bounce",
        button_icon="bounce",
        again=_("Send all the same"),
    ),
    form=BounceForm,
    act=act,
    width="dialog--bounce",
    suits=can_be_bounced,
)
