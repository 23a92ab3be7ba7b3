"""A question form as a visitor gets it: a Django form that is made of a `FormSpec` at run time.

It finds all that is wrong at once. What the answers do not ask for is neither judged nor kept.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from tickets.free_forms import Boxes, tick_field
from webforms.conditions import asked_of
from webforms.fields import Gone, make_field
from webforms.layout import Files, Step, Trap, When
from webforms.models import SubmissionFile
from webforms.spec import ABOUT_CUSTOMER, TICKED, FieldSpec, FormSpec, Kind

ASKED, CONSENT, TRAP = "asked", "consent", "homepage"
"""What a form holds beside its fields: the keys of the conditional ones that its page showed, the tick of the
consent, and what people leave empty."""

Kept = Mapping[str, Sequence[SubmissionFile]]
"""Key of a field → the files that were kept for it."""


def field_name(key: str) -> str:
    """What a field is called in the form that is sent."""
    return f"f_{key}"


def gone_name(key: str) -> str:
    """What it is called which of a field's files are to go."""
    return f"gone_{key}"


def form_of(
    spec: FormSpec, *, language: str, data: QueryDict | None = None, files: Kept | None = None
) -> "VisitorForm":
    """The form, in this language, with what was sent; `files`: those that are kept for it."""
    with translation.override(language):
        return VisitorForm(spec, language=language, data=data, files=files or {})


class Emptied(forms.TextInput):
    """A control that is empty whatever was sent: who fell into the trap can climb out."""

    def format_value(self, value: object) -> None:
        """Nothing."""


class VisitorForm(forms.Form):
    """The form of a `FormSpec`; made by `form_of`.

    `asked` are the keys of what is asked by the answers so far; `fresh` of those that were not shown yet,
    because no script showed them when the answers were given.
    """

    def __init__(self, spec: FormSpec, *, language: str, data: QueryDict | None, files: Kept) -> None:
        super().__init__(data)
        self.spec, self.language = spec, language
        self.asked = asked_of(spec, self._given)
        shown = set(data.getlist(ASKED)) if data is not None else set()
        self.fresh = frozenset(
            field.key
            for field in spec.fields
            if data is not None and field.is_conditional and field.key in self.asked - shown
        )
        for field in spec.fields:
            self._add(field, files.get(field.key, ()))
        if spec.consent:
            words = spec.consent.in_language(language)
            self.fields[CONSENT] = tick_field(_("Consent"), {"label": words})
        self.fields[TRAP] = forms.CharField(
            label=_("Leave this empty"),
            required=False,
            widget=Emptied(attrs={"tabindex": "-1", "autocomplete": "off"}),
        )
        self.layout = _layout(self)

    @property
    def more(self) -> list[BoundField]:
        """The fields that the answers ask for, and that were not shown yet."""
        return [self[field_name(field.key)] for field in self.spec.fields if field.key in self.fresh]

    @property
    def is_done(self) -> bool:
        """Whether all is in order, and all was asked."""
        with translation.override(self.language):
            return self.is_valid() and not self.fresh

    def clean(self) -> dict[str, Any]:
        """Judge by patterns what is in order by itself, all at once."""
        cleaned = super().clean() or {}
        for field in self.spec.fields:
            if field.key not in self.asked - self.fresh:
                self.errors.pop(field_name(field.key), None)
        for field in self.spec.fields:
            text = str(cleaned.get(field_name(field.key)) or "")
            # It was seen to take no time, whatever is typed, when it was saved (`patterns.py`).
            if (
                text
                and field.pattern
                and field.kind in PATTERN_KINDS
                and not re.fullmatch(field.pattern, text)
            ):
                label = field.label.in_language(self.language)
                said = field.pattern_said.in_language(self.language)
                self.add_error(
                    field_name(field.key), said or _("'%(field)s' is not as it should be.") % {"field": label}
                )
        return cleaned

    def _given(self, key: str) -> list[str]:
        """What was answered, before anything is judged."""
        if not self.is_bound:
            return []
        given: list[str] = self.data.getlist(field_name(key))  # type: ignore[attr-defined]  # a QueryDict
        is_tick = any(field.key == key and field.kind is Kind.TICK for field in self.spec.fields)
        return [TICKED] * any(given) if is_tick else given

    def _add(self, field: FieldSpec, kept: Sequence[SubmissionFile]) -> None:
        most = self.spec.files_most
        made = make_field(field, language=self.language, has_files=bool(kept), files_most=most)
        made.disabled = field.key not in self.asked
        self.fields[field_name(field.key)] = made
        if kept:
            label = _("Kept for '%(field)s'; tick what is not to be sent") % {"field": made.label}
            choices = [(str(file.pk), f"{file.name} ({size_in_words(file.size)})") for file in kept]
            gone = Gone(label=label, choices=choices, widget=Boxes(), required=False)
            self.fields[gone_name(field.key)] = gone


PATTERN_KINDS = frozenset({Kind.SHORT, Kind.LONG, Kind.EMAIL, Kind.PHONE})
"""What a pattern can be asked of."""


def _layout(form: VisitorForm) -> Layout:
    """The steps: who asks, and what; then what stands outside of both.

    What hangs on an answer stays below that question, though it be a phone number.
    """
    about = [field for field in form.spec.fields if _is_about(field)]
    rest = [field for field in form.spec.fields if not _is_about(field)]
    last = [CONSENT] if form.spec.consent else []
    steps = [
        (_("Who are you?"), "formgrid formgrid--2", [_part(form, field) for field in about]),
        (_("Your question"), "stack", [*(_part(form, field) for field in rest), *last]),
    ]
    shown = [(title, look, parts) for title, look, parts in steps if parts]
    return Layout(
        *(Step(number, title, look, *parts) for number, (title, look, parts) in enumerate(shown, start=1)),
        Trap(TRAP),
    )


def _is_about(field: FieldSpec) -> bool:
    return field.meaning in ABOUT_CUSTOMER and not field.is_conditional


def _part(form: VisitorForm, field: FieldSpec) -> Any:
    names: list[Any] = [field_name(field.key)]
    if field.kind is Kind.FILE:
        names = [Files(*names)]
    if gone_name(field.key) in form.fields:
        names.append(gone_name(field.key))
    if not field.is_conditional:
        return Layout(*names)
    return When(field, *names, is_asked=field.key in form.asked)
