"""Doorsturen: a message of the ticket goes to somebody else, with its files."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.writing.about import one_article
from desk.writing.along import Along, AlongField
from desk.writing.forms import WritingForm
from desk.writing.layout import Addresses, Editor, Files, Part, Row
from desk.writing.quoted import quoted_html
from desk.writing.recipients import RecipientFields
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields, next_states
from queues.models import QueuePermission
from tickets.actions.forward import Forwarding, forward_message
from tickets.changing.once import Done
from tickets.letters.forwarding import checked_forwarded, may_be_forwarded, prefill_forward
from tickets.states import state_by_key


class ForwardForm(RecipientFields, StateFields, AlongField, WritingForm):
    """To whom, with which of the message's files, what beside it, and what becomes of the ticket."""

    is_visible = forms.BooleanField(label=_("The customer may see this"), required=False)

    steps = {**WritingForm.steps, **RecipientFields.steps}
    layout = Layout(
        Part("desk/screens/_forward.html"),
        Addresses(),
        Editor(),
        Along(),
        Files(),
        Row("state", "pending_until", "time_units"),
        "is_visible",
    )

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.ticket, self.actor = writing.about.ticket, writing.actor
        article = writing.about.article
        self.message = article if article is not None and may_be_forwarded(article) else None
        super().__init__(data, writing=writing)
        self.fields["to"].widget.attrs["data-focus"] = True
        self.offer(next_states(), keep=False)
        self.initial.setdefault("state", str(state_by_key("closed_successful").pk))
        if self.message is None or not self.message.is_visible:
            self.leave_out("is_visible")

    def first(self, writing: Writing) -> dict[str, object]:
        """Nobody to send it to yet, the subject, and the message below room to write."""
        begun = super().first(writing)
        if self.message is None:
            return begun
        prefilled = prefill_forward(
            ticket=self.ticket,
            article=self.message,
            agent=self.actor.agent,
            quoted_html=quoted_html(self.ticket, self.message),
        )
        return begun | self.new(subject=prefilled.subject, html=prefilled.html)

    def checks(self) -> Iterator[Check]:
        """Nothing internal is forwarded."""
        yield partial(checked_forwarded, self.message)
        yield from super().checks()


def act(deed: Deed, form: ForwardForm) -> Done:
    """Send the message on."""
    data = form.cleaned_data
    forwarding = Forwarding(
        **form.written_values(deed.uploads),
        is_visible=data["is_visible"],
        forwarded=form.message,
        along=form.chosen_files,
        to=form.addresses("to"),
        cc=form.addresses("cc"),
        bcc=form.addresses("bcc"),
        state=data["state"],
        pending_until=data["pending_until"],
    )
    return forward_message(actor=deed.actor, ticket=deed.about.ticket, forwarding=forwarding, now=deed.now)


screen = Screen(
    name="forward",
    path="doorsturen",
    find=one_article,
    asks=("article",),
    group=Group.ARTICLE,
    right=QueuePermission.Right.ALL,
    words=Words(
        action=pgettext_lazy("verb", "Forward"),
        title=pgettext_lazy("verb", "Forward"),
        button=_("Send"),
        notice=_("Forwarded to {to}: under way · {look}"),
        icon="forward",
        button_icon="forward",
        again=_("Send all the same"),
    ),
    form=ForwardForm,
    act=act,
    suits=may_be_forwarded,
)
