"""Free fields in the admin: what they are called, where they are asked for, and what can be chosen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import FreeChoice, FreeField
from tickets.models.free_field import CHOICE_KINDS
from tickets.queries.free_fields import has_values, is_chosen
from work.inlines import FewRows

CHOICES_MOST = 200


class ChoicesFormSet(forms.BaseInlineFormSet[FreeChoice, FreeField, forms.ModelForm[FreeChoice]]):
    """The rows of a field: some where one chooses, none where not; what a ticket has is not deleted."""

    def clean(self) -> None:
        """Raise a sentence for rows that don't go with the kind, and for one that is in use."""
        super().clean()
        rows = [form for form in self.forms if form.has_changed() or form.instance.pk]
        left = [form for form in rows if form not in self.deleted_forms]
        for form in self.deleted_forms:
            if form.instance.pk and is_chosen(form.instance):
                sentence = _("A ticket has '%(choice)s': take 'active' away instead of deleting it.")
                raise ValidationError(sentence % {"choice": form.instance})
        has_active = any(form.cleaned_data.get("is_active") for form in left if hasattr(form, "cleaned_data"))
        if self.instance.kind in CHOICE_KINDS and not has_active:
            raise ValidationError(_("Give at least one choice that is active."))
        if self.instance.kind not in CHOICE_KINDS and left:
            raise ValidationError(_("This kind has no choices: delete them, or choose another kind."))

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """In words: Django's names the column."""
        return _("Two choices have the same name in Dutch. Change one of them.")


class ChoiceInline(FewRows, admin.StackedInline[FreeChoice, FreeField]):
    """What can be chosen, in its order."""

    model = FreeChoice
    formset = ChoicesFormSet
    extra = 2
    max_num = CHOICES_MOST
    fields = (("name_nl", "name_en", "position", "is_active"),)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Two names beside each other, on a window of any width; what the field's own page explains once."""
        kwargs["help_text"] = ""
        if db_field.name in ("name_nl", "name_en"):
            kwargs["widget"] = forms.TextInput(attrs={"size": 26})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(FreeField)
class FreeFieldAdmin(admin.ModelAdmin[FreeField]):
    """A free field. One that was used is not deleted: take 'active' away instead."""

    list_display = ("name", "kind", "is_active", "position")
    list_filter = ("is_active", "kind", "queues")
    search_fields = ("name_nl", "name_en")
    inlines = (ChoiceInline,)
    fieldsets = (
        (None, {"fields": ("name_nl", "name_en", "kind", "help_nl", "help_en", "position", "is_active")}),
        (
            gettext_lazy("Where it is asked for"),
            {"fields": ("queues", "on_ticket", "on_new_ticket", "on_answer", "on_close", "on_web_form")},
        ),
    )

    @admin.display(description=gettext_lazy("name"), ordering="name_nl")
    def name(self, field: FreeField) -> str:
        """In the language of the reader."""
        return str(field)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The kind stays, once a ticket has a value."""
        return ("kind",) if obj and has_values(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what tickets hold in it stays; take 'active' away instead."""
        return False
