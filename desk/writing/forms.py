"""The forms that make an article: subject, text, time and files."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout
from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.writing.fields import SetByScript, SeveralFiles
from desk.writing.layout import Editor, Files
from desk.writing.screen_form import ScreenForm, Step, Writing
from desk.writing.typed import HTML_MOST, SUBJECT_MOST, TEXT_MOST, typed_html, typed_text
from richtext.admin_texts import with_place_to_write
from richtext.convert import html_to_text, is_blank, text_to_html
from tickets.changing.written import Written
from tickets.free_forms import Number
from tickets.models import Upload


class TextForm(ScreenForm):
    """A form with a text. With script its text is the editor's HTML (`rich`), else plain text.

    Without `needs_text` it may be sent with none. `text_was_put`: its text was put there just now, in the
    place of what was typed.
    """

    needs_text: ClassVar[bool] = True
    text_was_put = False

    rich = forms.BooleanField(required=False, widget=SetByScript)
    html = forms.CharField(
        required=False,
        widget=forms.HiddenInput,
        max_length=HTML_MOST,
        error_messages={"max_length": _("The text is too long. Shorten the quoted mail.")},
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    @property
    def shown_html(self) -> str:
        """What the editor shows: what was typed, if the form comes back."""
        if not self.is_bound:
            return str(self["html"].value() or "")
        return typed_html(cast("QueryDict", self.data))

    @property
    def shown_text(self) -> BoundField:
        """The field for plain text, with what was typed, if the form comes back; into the editor, too."""
        data = cast("QueryDict", self.data)
        if self.is_bound and data.get("rich"):
            plain = data.copy()
            plain["text"] = typed_text(data)
            self.data = plain
        return self["text"]

    @property
    def text_is_optional(self) -> bool:
        """Whether its label says that it may stay empty."""
        return not self.needs_text

    @property
    def text_is_typed(self) -> bool:
        """Whether the text may be one that was typed, which nothing replaces without a question."""
        return self.is_bound and not self.text_was_put

    def clean(self) -> dict[str, object]:
        """Make `html` the text that counts, and ask for one that is needed and is not there."""
        cleaned = super().clean()
        if not cleaned.get("rich"):
            cleaned["html"] = text_to_html(str(cleaned.get("text") or ""))
        if self.needs_text and is_blank(str(cleaned.get("html") or "")):
            self.add_error("text", _("Write a text first."))
        return cleaned


def stay(form: TextForm) -> None:
    """Show the form again as it is: its files were added or taken away."""


class WritingForm(TextForm):
    """A form that makes an article; none without a text, where `needs_text` does not ask for one.

    `first_subject` is what its subject begins with, and without `needs_subject` what it is called if that was
    taken away.
    """

    first_subject: ClassVar[str | Promise] = ""
    needs_subject: ClassVar[bool] = True
    steps: ClassVar[Mapping[str, Step]] = {"add_files": stay, "remove_upload": stay}

    subject = forms.CharField(
        label=_("Subject"),
        max_length=SUBJECT_MOST,
        error_messages={"required": _("Fill in a subject.")},
    )
    time_units = Number(
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].required = self.needs_subject

    def first(self, writing: Writing) -> dict[str, object]:
        """A subject, and a text."""
        html = with_place_to_write(self.first_html(writing))
        begun = self.new(subject=str(self.first_subject), html=html)
        return super().first(writing) | begun

    def first_html(self, writing: Writing) -> str:
        """The text that stands there already."""
        return ""

    @staticmethod
    def new(*, subject: str, html: str) -> dict[str, object]:
        """The subject and the text of a new form."""
        return {"subject": subject, "html": html, "text": html_to_text(html)}

    def written(self, uploads: tuple[Upload, ...]) -> Written:
        """What the agent wrote beside the deed, of a form that is valid."""
        return Written(**self.written_values(uploads))

    def written_values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """The values of `Written`, for a deed that is more than what was written beside it."""
        names = ("submission", "subject", "html", "time_units", "seen_event", "anyway")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"digest": self.digest, "uploads": uploads}

    def clean_subject(self) -> str:
        """What the deed is called, if nothing came."""
        return self.cleaned_data["subject"] or str(self.first_subject)


class RemarkForm(WritingForm):
    """A deed beside which a text may stand; its subject says what was done, and nobody is asked for one."""

    needs_subject = needs_text = False
    subject = forms.CharField(max_length=SUBJECT_MOST, widget=forms.HiddenInput)
