"""Standard answers beside a text: found and put in where one writes; without script chosen out of a list."""

from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from desk.writing.forms import WritingForm
from desk.writing.screen_form import Writing
from desk.writing.typed import read_number
from queues.models import ResponseTemplate
from queues.texts import TextPlace
from richtext.admin_texts import with_place_to_write
from richtext.convert import html_to_text
from tickets.letters.answering import standard_text
from tickets.models import Ticket

Kind = ResponseTemplate.Kind


def standard_text_field(label: str | StrPromise) -> forms.ChoiceField:
    """The field of the list."""
    return forms.ChoiceField(
        label=label, required=False, widget=forms.Select(attrs={"class": "form-select-sm"})
    )


class StandardTexts(WritingForm):
    """A form with a text that standard answers of the kind `texts` can be put into.

    `empty` is what the list calls none. Where there is nothing of the kind nothing is offered. `asked_along`
    names the form's fields that decide what a text says.
    """

    texts: ClassVar[str] = Kind.NOTE
    empty: ClassVar[str | StrPromise] = _("- none -")
    asked_along: ClassVar[tuple[str, ...]] = ()

    template = standard_text_field(_("Standard text"))

    def __init__(self, data: Any, *, writing: Writing) -> None:
        self.ticket, self.actor = self.ticket_of(data, writing=writing), writing.actor
        super().__init__(data, writing=writing)
        names = place_of(self).names()
        self.finds_texts = bool(names)
        own = [(str(pk), name) for pk, name, is_own in names if is_own]
        cast("forms.ChoiceField", self.fields["template"]).choices = [("", self.empty), *own]

    @classmethod
    def ticket_of(cls, sent: QueryDict | None, *, writing: Writing) -> Ticket:  # noqa: ARG003  # for others
        """What the texts are about; of a ticket that is to be made, what was sent says what it will be."""
        return writing.about.ticket

    def chosen_text(self, template: object) -> ResponseTemplate | None:
        """The standard answer of this id, if it may be used here."""
        number = read_number(template)
        return None if number is None else place_of(self).text(number)

    def text_by(self, template: object) -> str:
        """The text that a standard answer begins; what stands for none of them an empty one."""
        chosen = self.chosen_text(template)
        agent = self.actor.agent
        text = standard_text(ticket=self.ticket, template=chosen, agent=agent) if chosen else ""
        return with_place_to_write(text)

    def choose_template(self) -> None:
        """Put another standard answer in the place of the text."""
        data = cast("QueryDict", self.data).copy()
        html = self.text_by(data.get("template"))
        data["html"], data["text"] = html, html_to_text(html)
        self.data = data
        self.text_was_put = True

    steps = {**WritingForm.steps, "choose_template": choose_template}


def place_of(form: StandardTexts) -> TextPlace:
    """Where the standard answers of a form are wanted."""
    return TextPlace(rights=form.actor.agent_rights, queue_id=form.ticket.queue_id, kind=form.texts)
