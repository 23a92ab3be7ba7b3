"""The forms of the page on which an administrator makes a question form: the category, and its fields."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from queues.models import Queue
from tickets.models import FreeField
from tickets.models.free_field import NAME_MOST
from webforms.choice_lines import CHOICES_MOST, Read, lines_of, read_lines
from webforms.keeping import keep_rows
from webforms.models import KIND_NAMES, Category, FormChoice, FormField
from webforms.origins import ORIGINS_MOST, is_origin, read_origins
from webforms.rules import FIELDS_MOST, Fault, Row, faults, tie
from webforms.spec import Kind, Meaning
from webforms.tree import DEPTH_MOST, height_of, is_below, path_of
from work.inlines import FewRows

LAST_PLACE = 99_999
AFTER = gettext_lazy("only after '%(field)s'")
FIRST_FIELDS = (
    {"kind": Kind.SHORT, "name_nl": "Naam", "name_en": "Name", "meaning": Meaning.LAST_NAME},
    {"kind": Kind.EMAIL, "name_nl": "E-mailadres", "name_en": "E-mail address", "meaning": Meaning.ADDRESS},
    {"kind": Kind.SHORT, "name_nl": "Onderwerp", "name_en": "Subject", "meaning": Meaning.SUBJECT},
    {"kind": Kind.LONG, "name_nl": "Vraag", "name_en": "Question", "meaning": Meaning.QUESTION},
)
"""What a new form begins with: all that each must have."""


class CategoryForm(forms.ModelForm[Category]):
    """A category: where it stands, what is read with its form, and its limits."""

    def clean_parent(self) -> Category | None:
        """Raise a sentence for a circle, and for a tree that gets too deep."""
        parent: Category | None = self.cleaned_data["parent"]
        if parent is None:
            return None
        if self.instance.pk and (parent == self.instance or is_below(parent, self.instance)):
            raise ValidationError(_("It can't stand below itself. Choose another one."))
        height = height_of(self.instance) if self.instance.pk else 1
        if len(path_of(parent)) + height > DEPTH_MOST:
            sentence = _(
                "That is too deep: at most %(most)s below each other. Choose one that stands higher."
            )
            raise ValidationError(sentence % {"most": DEPTH_MOST})
        return parent

    def clean_consent_en(self) -> str:
        """Raise a sentence for a consent that who reads Dutch would not be asked for."""
        english: str = self.cleaned_data["consent_en"]
        if english and not self.cleaned_data.get("consent_nl"):
            raise ValidationError(_("Give the consent in Dutch, too: without it nobody is asked for it."))
        return english

    def clean_origins(self) -> str:
        """Raise a sentence for what is no origin; give a line each."""
        origins = read_origins(self.cleaned_data["origins"])
        if len(origins) > ORIGINS_MOST:
            sentence = _("These are too many sites: at most %(most)s.")
            raise ValidationError(sentence % {"most": ORIGINS_MOST})
        if wrong := [origin for origin in origins if not is_origin(origin)]:
            sentence = _("'%(origin)s' is no site: give https://, its name, and nothing behind it.")
            raise ValidationError([sentence % {"origin": origin[:80]} for origin in wrong])
        return "\n".join(origins)


class FieldForm(forms.ModelForm[FormField]):
    """A field of the form, with its choices as lines and what it hangs on by its name."""

    place = forms.CharField(required=False, widget=forms.HiddenInput)
    choices = forms.CharField(
        label=gettext_lazy("choices"),
        required=False,
        max_length=(2 * NAME_MOST + 200) * CHOICES_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "One choice on each line. Behind it, with | between them, may stand the English text and the "
            "queue that the question then goes to: 'Schade | Damage | Insurance'. Without English: "
            "'Schade | | Insurance'."
        ),
    )
    asked_when = forms.CharField(
        label=gettext_lazy("asked only when"),
        required=False,
        max_length=NAME_MOST,
        widget=forms.TextInput(attrs={"list": "form-fields", "autocomplete": "off"}),
        help_text=gettext_lazy("The name of a field above it, in Dutch. Empty: it is always asked."),
    )
    is_heading = False

    class Meta:
        widgets = {
            "pattern": forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"}),
            "shown_value": forms.TextInput(attrs={"list": "form-answers", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.instance
        self.was_called = field.name_nl if field.pk else ""
        if field.pk:
            self.initial["choices"] = lines_of(self.kept)
            self.initial["asked_when"] = field.shown_when.name_nl if field.shown_when else ""
            self.initial["place"] = field.position

    @property
    def kept(self) -> Sequence[FormChoice]:
        """The choices that are saved, in their order."""
        return list(self.instance.choices.all()) if self.instance.pk else []

    @property
    def is_open(self) -> bool:
        """Whether its page shows all of it at once: what is wrong, and what has no name yet."""
        return bool(self.errors) or not self["name_nl"].value()

    @property
    def heading(self) -> str:
        """What it is called, and what of it one wants to see of all of them."""
        kind = KIND_NAMES.get(self["kind"].value(), "")
        parts = [kind, _("must be filled in") if self["is_required"].value() else ""]
        if asked_when := self["asked_when"].value():
            parts.append(AFTER % {"field": asked_when})
        if not self["is_active"].value():
            parts.append(_("not active"))
        return " · ".join(str(part) for part in parts if part)

    @property
    def at(self) -> int:
        """Where it stands among the others; what is not told stands last."""
        said = self["place"].value()
        return int(said) if str(said).isdecimal() and len(str(said)) < len(str(LAST_PLACE)) else LAST_PLACE

    def has_changed(self) -> bool:
        """A new one counts once it has a name: those that a new form begins with were typed by nobody."""
        if self.instance.pk or not self.is_bound:
            return super().has_changed()
        is_named = bool(str(self["name_nl"].value() or "").strip())
        return (is_named and not self.is_heading) or bool(set(self.changed_data) - {"place"})

    def validate_constraints(self) -> None:
        """Nothing: two rows may take each other's meaning at once. `rules.py` looks at all of them."""


class FieldsFormSet(forms.BaseInlineFormSet[FormField, Category, FieldForm]):
    """The fields of a form, with what they must be together; saved in the order of their places."""

    after = AFTER

    def add_fields(self, form: FieldForm, index: int | None) -> None:
        """The same choices of a free field for all, read once."""
        super().add_fields(form, index)
        form.is_heading = self.instance.queue_id is None
        cast("forms.ModelChoiceField[FreeField]", form.fields["free_field"]).choices = self._free_choices

    @cached_property
    def rows(self) -> list[tuple[FieldForm, Row, Read]]:
        """What was typed, in its order, without what is empty or deleted."""
        typed = [form for form in self.forms if self._is_typed(form)]
        typed.sort(key=lambda form: form.at)
        given = [(form, *_row_of(form, self._queues)) for form in typed]
        tie([row for _form, row, _read in given])
        return given

    def clean(self) -> None:
        """Tell all that is wrong, each where it stands."""
        super().clean()
        shown = {form.instance.pk for form in self.initial_forms}
        if any(field.pk not in shown for field in self.get_queryset()):
            sentence = _("Somebody else has given this form another field meanwhile. Open the page again.")
            raise ValidationError(sentence)
        forms_of = {id(row): form for form, row, _read in self.rows}
        for form, _row, read in self.rows:
            for sentence in read.wrong:
                form.add_error("choices", sentence)
        whole = []
        for fault in faults(self.instance, [row for _form, row, _read in self.rows]):
            if fault.row is None:
                whole.append(ValidationError(fault.sentence))
            else:
                _tell(forms_of[id(fault.row)], fault)
        if whole:
            raise ValidationError(whole)

    def get_queryset(self) -> QuerySet[FormField]:
        """The rows with all that is shown of them."""
        if not hasattr(self, "_queryset"):
            rows = super().get_queryset()
            self._queryset = rows.select_related("shown_when").prefetch_related("choices__queue")
        return self._queryset

    def save(self, commit: bool = True) -> list[FormField]:  # noqa: FBT001, FBT002  (Django's signature)
        """Write all of them, in the order of their places: what hangs on another comes when that is there."""
        saved = super().save(commit=False)
        keep_rows(self.instance, [row for _form, row, _read in self.rows])
        return saved

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """In words: Django's names the column."""
        return _("Two fields have this name in Dutch. Change one of them.")

    @cached_property
    def _queues(self) -> dict[str, Queue]:
        return {queue.name.casefold(): queue for queue in Queue.objects.filter(is_active=True)}

    @cached_property
    def _free_choices(self) -> list[tuple[Any, str]]:
        fields = FreeField.objects.filter(is_active=True).exclude(on_web_form="")
        chosen = {row.free_field_id for row in self.get_queryset() if row.free_field_id is not None}
        others = FreeField.objects.filter(pk__in=chosen).exclude(pk__in=[field.pk for field in fields])
        return [("", "---------"), *((field.pk, str(field)) for field in [*fields, *others])]

    def _is_typed(self, form: FieldForm) -> bool:
        if not hasattr(form, "cleaned_data") or form in self.deleted_forms:
            return False
        return bool(form.instance.pk) or form.has_changed()


class FieldInline(FewRows, admin.StackedInline[FormField, Category]):
    """The fields, each with what is seldom needed folded away."""

    model = FormField
    form = FieldForm
    formset: Any = FieldsFormSet
    template = "admin/webforms/fields.html"
    extra = 1
    max_num = FIELDS_MOST
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_nl", "name_en"),
                    ("kind", "meaning"),
                    ("is_required", "is_active"),
                    "choices",
                    "place",
                )
            },
        ),
        (
            gettext_lazy("Explanation, condition, limits, free field"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("help_nl", "help_en"),
                    ("asked_when", "shown_value"),
                    ("least", "most"),
                    "pattern",
                    ("pattern_said_nl", "pattern_said_en"),
                    "free_field",
                ),
            },
        ),
    )

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new form has room for what each must have."""
        return self.extra if obj and obj.pk else len(FIRST_FIELDS)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the signs that open another window, and with less said where all of it is said once."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "free_field":
            field.widget = field.widget.widget
        if db_field.name in ("name_nl", "name_en"):
            field.help_text = ""
        return field


def _row_of(form: FieldForm, queues: Mapping[str, Queue]) -> tuple[Row, Read]:
    """What a form's fields say, those alone that are in order."""
    data = form.cleaned_data
    read = read_lines(data.get("choices") or "", kept=form.kept, queues=queues)
    row = Row(
        field=form.instance,
        choices=read.choices,
        asked_when=data.get("asked_when") or "",
        was_called=form.was_called,
        renamed=read.renamed,
    )
    return row, read


def _tell(form: FieldForm, fault: Fault) -> None:
    """Unless the field says already that it is wrong."""
    if fault.column not in form.errors:
        form.add_error(fault.column, fault.sentence)
