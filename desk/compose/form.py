"""The answer's form: to whom, about what, and what becomes of the ticket."""

from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from desk.popups.forms import ComposingForm, StateFields, next_states
from desk.writing.layout import Addresses, Editor, Files, Part, Row
from queues.texts import templates_of
from tickets.models import Ticket
from tickets.queries.also_received import Elsewhere
from tickets.recipients import LINE_MOST, split_addresses
from tickets.states import state_by_key

ADDRESSES = {"autocomplete": "off", "spellcheck": "false", "maxlength": LINE_MOST}
MORE_ADDRESSES = ADDRESSES | {"placeholder": _("optional")}


class AnswerForm(StateFields, ComposingForm):
    """What an agent fills in; for `seen_article` and `seen_elsewhere` see `tickets.actions.reply.Answer`."""

    template = forms.ChoiceField(
        label=_("Standard answer"), required=False, widget=forms.Select(attrs={"class": "form-select-sm"})
    )
    seen_article = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_elsewhere = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answered = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to = forms.CharField(
        label=_("To"),
        max_length=LINE_MOST,
        widget=forms.TextInput(attrs=ADDRESSES),
        error_messages={"required": _("Give at least one address to send the answer to.")},
    )
    cc = forms.CharField(
        label=_("Cc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )
    bcc = forms.CharField(
        label=_("Bcc"), required=False, max_length=LINE_MOST, widget=forms.TextInput(attrs=MORE_ADDRESSES)
    )

    layout = Layout(
        Part("desk/writing/_elsewhere.html"),
        Addresses(),
        Editor(),
        Files(),
        Row("state", "pending_until", "time_units"),
    )

    def __init__(self, *args: Any, ticket: Ticket, also: list[Elsewhere], **kwargs: Any) -> None:
        """`also`: where the mail came in, too, as is told above the form."""
        super().__init__(*args, **kwargs)
        self.also = also
        names = [(str(template.pk), template.name) for template in templates_of(ticket.queue)]
        cast("forms.ChoiceField", self.fields["template"]).choices = [("", _("AAA empty - answer")), *names]
        self.offer(next_states(), keep=False)
        default = "closed_successful" if ticket.queue.closes_after_answer else "open"
        self.initial.setdefault("state", str(state_by_key(default).pk))

    def addresses(self, field: str) -> tuple[str, ...]:
        """The addresses typed into a field."""
        return split_addresses(self.cleaned_data[field])

    @property
    def next_state(self) -> str:
        """The name of the state that is chosen now."""
        chosen = str(self["state"].value() or "")
        return next((str(state) for state in next_states() if str(state.pk) == chosen), "")
