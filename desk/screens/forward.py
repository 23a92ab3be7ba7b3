"""Doorsturen: a message of the ticket goes to somebody else, with its files."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.writing.about import one_article
from desk.writing.forms import WritingForm
from desk.writing.layout import Addresses, Editor, Files, Part, Row
from desk.writing.quoted import quoted_html
from desk.writing.recipients import RecipientFields
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.screen_form import Check, Writing
from desk.writing.state import StateFields, next_states
from queues.models import QueuePermission
from richtext.images import shown_images
from tickets.actions.forward import Forwarding, forward_message
from tickets.changing.once import Done
from tickets.letters.forwarding import checked_forwarded, may_be_forwarded, prefill_forward
from tickets.models import Attachment
from tickets.states import state_by_key


class ForwardForm(RecipientFields, StateFields, WritingForm):
    """To whom, with which of the message's files, what beside it, and what becomes of the ticket."""

    along = forms.MultipleChoiceField(
        label=_("Goes along"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_visible = forms.BooleanField(label=_("The customer may see this"), required=False)

    steps = {**WritingForm.steps, **RecipientFields.steps}
    layout = Layout(
        Part("desk/screens/_forward.html"),
        Addresses(),
        Editor(),
        Part("desk/writing/_along.html", "along"),
        Files(),
        Row("state", "pending_until", "time_units"),
        "is_visible",
    )

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.ticket, self.actor = writing.about.ticket, writing.actor
        self.forwarded = writing.about.article
        super().__init__(data, writing=writing)
        self.fields["to"].widget.attrs["data-focus"] = True
        self.offer(next_states(), keep=False)
        self.initial.setdefault("state", str(state_by_key("closed_successful").pk))
        self.initial.setdefault("along", [str(file.pk) for file in self.its_files])
        choices = [(str(file.pk), file.name) for file in self.its_files]
        cast("forms.MultipleChoiceField", self.fields["along"]).choices = choices
        if self.forwarded is None or not self.forwarded.is_visible:
            self.leave_out("is_visible")

    def first(self, writing: Writing) -> dict[str, object]:
        """Nobody to send it to yet, the subject, and the message below room to write."""
        begun = super().first(writing)
        if self.forwarded is None or not may_be_forwarded(self.forwarded):
            return begun
        prefilled = prefill_forward(
            ticket=self.ticket,
            article=self.forwarded,
            agent=self.actor.agent,
            quoted_html=quoted_html(self.ticket, self.forwarded),
        )
        return begun | self.new(subject=prefilled.subject, html=prefilled.html)

    @cached_property
    def its_files(self) -> list[Attachment]:
        """The message's own files, those too that stand in its text."""
        if self.forwarded is None or not may_be_forwarded(self.forwarded):
            return []
        return list(self.forwarded.attachments.select_related("blob").order_by("pk"))

    @cached_property
    def in_the_text(self) -> set[Attachment]:
        """Those that its text shows."""
        html = self.forwarded.html if self.forwarded else ""
        return set(shown_images(html, self.its_files).values())

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

    def checks(self) -> Iterator[Check]:
        """Nothing internal is forwarded."""
        yield partial(checked_forwarded, self.forwarded)
        yield from super().checks()


def act(deed: Deed, form: ForwardForm) -> Done:
    """Send the message on."""
    data = form.cleaned_data
    forwarding = Forwarding(
        **form.written_values(deed.uploads),
        is_visible=data["is_visible"],
        forwarded=form.forwarded,
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
