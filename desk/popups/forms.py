"""What the forms of the pop-ups share: text, time, files, state and the form's own identity."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import cast

from crispy_forms.layout import Layout
from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.writing.layout import Editor, Files
from richtext.convert import html_to_text, text_to_html
from tickets.models import State, StateType
from tickets.models.ticket import PENDING_TYPES
from tickets.states import state_by_id, states_of

TEXT_MOST = 500_000
HTML_MOST = 2_000_000
SUBJECT_MOST = 300
WAIT = timedelta(days=1)
NEXT_TYPES = (StateType.OPEN, StateType.CLOSED, StateType.PENDING_REMINDER, StateType.PENDING_AUTO)


class TimeUnits(forms.DecimalField):
    """Spent time, with a comma or a dot."""

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        """Read 'anderhalf' as no number and '1,5' as one."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class SeveralFiles(forms.FileInput):
    """Files to choose, as many as one likes; `desk.uploads` keeps them, and their list stands beside it."""

    allow_multiple_selected = True


class ComposingForm(forms.Form):
    """A form that makes an article. With script its text is the editor's HTML (`rich`), else plain text."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    rich = forms.BooleanField(required=False, widget=forms.HiddenInput)
    html = forms.CharField(
        required=False,
        widget=forms.HiddenInput,
        max_length=HTML_MOST,
        error_messages={"max_length": _("The text is too long. Shorten the quoted mail.")},
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=SUBJECT_MOST,
        error_messages={"required": _("Fill in a subject.")},
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    time_units = TimeUnits(
        label=_("Time spent (work units)"),
        required=False,
        min_value=0,
        max_value=10_000,
        max_digits=8,
        decimal_places=2,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 9, "placeholder": _("optional")}),
        error_messages={"invalid": _("Give a number, for example 10.")},
    )
    files = forms.FileField(  # type: ignore[assignment]  # the stubs know the form's own files only
        label=_("Attachment"),
        required=False,
        widget=SeveralFiles(
            attrs={"aria-labelledby": "id_files_label", "aria-describedby": "id_files_helptext"}
        ),
    )

    layout = Layout("subject", Editor(), Files(), "time_units")

    @staticmethod
    def first(*, subject: str, html: str) -> dict[str, object]:
        """What a fresh form begins with."""
        return {"submission": uuid.uuid4(), "subject": subject, "html": html, "text": html_to_text(html)}

    @staticmethod
    def read_id(given: object) -> uuid.UUID | None:
        """A form's identity as it was sent; None for nonsense."""
        try:
            return uuid.UUID(str(given))
        except ValueError:
            return None

    @property
    def form_id(self) -> uuid.UUID:
        """The form's identity, also when it comes back with nonsense in it."""
        return self.read_id(self["submission"].value()) or uuid.uuid4()

    def leave_unjudged(self) -> None:
        """Show what was typed, and no complaint yet: the form was sent to get it back with something more."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    @property
    def shown_html(self) -> str:
        """What the editor shows: what was typed, if the form comes back."""
        if not self.is_bound:
            return str(self["html"].value() or "")
        rich = bool(self.data.get("rich"))
        return self.data.get("html", "") if rich else text_to_html(self.data.get("text", ""))

    @property
    def typed_text(self) -> str:
        """What was sent as plain text, judged or not; no more than can be sent."""
        if self.data.get("rich"):
            return html_to_text(self.data.get("html", "")[:HTML_MOST])[:TEXT_MOST]
        return str(self.data.get("text", ""))[:TEXT_MOST]

    def clean(self) -> dict[str, object]:
        """Make `html` the text that counts, and ask for one if there is none."""
        cleaned = super().clean() or {}
        if not cleaned.get("rich"):
            cleaned["html"] = text_to_html(str(cleaned.get("text") or ""))
        html = str(cleaned.get("html") or "")
        if "<img" not in html and not html_to_text(html).strip():
            self.add_error("text", _("Write a text first."))
        return cleaned


class StateFields(forms.Form):
    """The next state and the time to wait for."""

    state = forms.ChoiceField(label=_("State"), required=False)
    pending_until = forms.DateTimeField(
        label=_("Pending until (for)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M"],
        help_text=_("For: the pending states."),
        error_messages={"invalid": _("Give a date and a time, for example 24-11-2026 11:22.")},
    )

    def offer(self, states: Sequence[State], *, keep: bool) -> None:
        """Offer these states; with `keep` also to leave the state as it is."""
        choices = [(str(state.pk), str(state)) for state in states]
        field = cast("forms.ChoiceField", self.fields["state"])
        field.choices = [("", _("- keep as it is -")), *choices] if keep else choices
        field.required = not keep
        pending = [str(state.pk) for state in states if state.type in PENDING_TYPES]
        if "pending_until" in self.fields:
            self.fields["pending_until"].widget.attrs["data-for-states"] = " ".join(pending)
            self.initial.setdefault("pending_until", timezone.now() + WAIT)

    def clean_state(self) -> State | None:
        """The chosen state itself."""
        chosen = self.cleaned_data["state"]
        return state_by_id(int(chosen)) if chosen else None


def next_states() -> list[State]:
    """What composing screens offer (OTRS 2)."""
    return states_of(*NEXT_TYPES)
