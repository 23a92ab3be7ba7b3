"""What the forms of the screens share: text, time, files and the form's own identity."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.writing.about import About
from desk.writing.fields import Anyway, SetByScript, SeveralFiles
from desk.writing.layout import Editor, Files
from desk.writing.typed import (
    HTML_MOST,
    SEEN,
    SUBJECT_MOST,
    TEXT_MOST,
    read_id,
    read_number,
    typed_html,
    typed_text,
)
from richtext.admin_texts import with_place_to_write
from richtext.convert import html_to_text, is_blank, text_to_html
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.written import Written
from tickets.errors import BadInput, Refusal
from tickets.free_forms import Number
from tickets.models import Upload
from tickets.queries.zoom import newest_event

Step = Callable[[Any], None]
Check = Callable[[], object]
"""What raises `BadInput` where something can't be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who fills in a form, what it is about, what its address asks, and the digest of what was sent."""

    actor: Actor
    about: About
    query: QueryDict
    digest: str = ""

    @property
    def seen_event(self) -> int | None:
        """The newest event of the page that the form was opened from, where that told it."""
        return read_number(self.query.get(SEEN))


class ScreenForm(forms.Form):
    """A form of a screen: what identifies it, and what its writer can have seen.

    `seen_event` is the newest event of its ticket that its writer's page had shown, `anyway` the keys of what
    it was asked about since. `steps`: the names of buttons, needed without script, that do something with the
    form and show it again before it is judged. `foot` arranges what stands beside the form's button, always
    in sight.
    """

    steps: ClassVar[Mapping[str, Step]] = {}
    layout: Layout = Layout()
    foot: ClassVar[Layout | None] = None

    submission = forms.UUIDField(widget=forms.HiddenInput)
    anyway = Anyway(required=False)
    seen_event = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, writing: Writing) -> None:
        fresh = {"submission": uuid.uuid4(), **self.first(writing)} if data is None else None
        super().__init__(data, initial=fresh)
        self.digest = writing.digest
        self.came_without_identity = data is not None and read_id(data.get("submission")) is None
        if self.came_without_identity:
            self.begin_anew()

    def first(self, writing: Writing) -> dict[str, object]:
        """What a fresh form begins with, beside its identity."""
        ticket = writing.about.sole_ticket
        if ticket is None:
            return {}
        seen = writing.seen_event
        return {"seen_event": newest_event(ticket).event if seen is None else seen}

    def put(self, field: str, value: str) -> None:
        """Change what was sent in a field, as a step does for its agent."""
        data = cast("QueryDict", self.data).copy()
        data[field] = value
        self.data = data

    @property
    def form_id(self) -> uuid.UUID:
        """The form's identity, which its page carries."""
        return uuid.UUID(str(self["submission"].value()))

    def begin_anew(self) -> None:
        """Give a form that was sent an identity of its own; what was typed stays."""
        self.put("submission", str(uuid.uuid4()))

    def in_order(self) -> list[BoundField]:
        """The fields as one comes to them: as they are arranged, beside the button, and the rest."""
        arranged = chain(*(part.get_field_names() for part in (self.layout, self.foot) if part))
        names = dict.fromkeys([*(pointer.name for pointer in arranged), *self.fields])
        return [self[name] for name in names if name in self.fields]

    def asked(self) -> Form:
        """The form that a deed is asked for by, once it is valid."""
        return Form(
            submission=self.cleaned_data["submission"],
            digest=self.digest,
            seen_event=self.cleaned_data["seen_event"],
            anyway=self.cleaned_data["anyway"],
        )

    def took_a_step(self) -> bool:
        """Do what a button asks that is one of `steps`; then nothing is complained of yet."""
        steps = [step for name, step in self.steps.items() if name in self.data]
        for step in steps:
            step(self)
        if steps:
            self.leave_unjudged()
        return bool(steps)

    def leave_unjudged(self) -> None:
        """Show what was typed without a word about what is missing in it."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def checks(self) -> Iterator[Check]:
        """What the action would refuse of what was filled in, one check each, of fields that are in order."""
        yield from ()

    def judge(self) -> None:
        """Complain of all that the action would refuse, too: a form that comes back comes back once.

        Not asked of a form that is in order: its action looks at the same, under the lock.
        """
        for check in self.checks():
            try:
                check()
            except BadInput as refusal:
                self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Say why it was not done, at its field, if it has one that is not complained of already."""
        field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
        said = list(self.errors.get(field or NON_FIELD_ERRORS, ()))
        if not said or (field is None and refusal.message not in said):
            self.add_error(field, refusal.message)

    def clean(self) -> dict[str, object]:
        """Look at a form without an identity twice: one can't know whether it was sent before."""
        if self.came_without_identity:
            self.add_error(None, _("This form came in damaged. Look at it, and send it again."))
        return super().clean() or {}


def stay(form: "WritingForm") -> None:
    """Show the form again as it is: its files were added or taken away."""


class WritingForm(ScreenForm):
    """A form that makes an article. With script its text is the editor's HTML (`rich`), else plain text.

    `first_subject` is what its subject begins with. Without `needs_text` it may be sent with none, and then
    no article is made. `text_was_put`: its text was put there just now, in the place of what was typed.
    """

    first_subject: ClassVar[str | Promise] = ""
    needs_text: ClassVar[bool] = True
    text_was_put = False
    steps: ClassVar[Mapping[str, Step]] = {"add_files": stay, "remove_upload": stay}

    rich = forms.BooleanField(required=False, widget=SetByScript)
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
    def text_is_typed(self) -> bool:
        """Whether the text may be one that was typed, which nothing replaces without a question."""
        return self.is_bound and not self.text_was_put

    def written(self, uploads: tuple[Upload, ...]) -> Written:
        """What the agent wrote beside the deed, of a form that is valid."""
        return Written(
            submission=self.cleaned_data["submission"],
            digest=self.digest,
            subject=self.cleaned_data["subject"],
            html=self.cleaned_data["html"],
            uploads=uploads,
            time_units=self.cleaned_data["time_units"],
            seen_event=self.cleaned_data["seen_event"],
            anyway=self.cleaned_data["anyway"],
        )

    def clean(self) -> dict[str, object]:
        """Make `html` the text that counts, and ask for one that is needed and is not there."""
        cleaned = super().clean()
        if not cleaned.get("rich"):
            cleaned["html"] = text_to_html(str(cleaned.get("text") or ""))
        if self.needs_text and is_blank(str(cleaned.get("html") or "")):
            self.add_error("text", _("Write a text first."))
        return cleaned


class RemarkForm(WritingForm):
    """A deed beside which a text may stand; its subject says what was done, and nobody is asked for one."""

    needs_text = False
    subject = forms.CharField(required=False, max_length=SUBJECT_MOST, widget=forms.HiddenInput)

    def clean_subject(self) -> str:
        """What the deed is called, if nothing came."""
        return self.cleaned_data["subject"] or str(self.first_subject)
