"""Notitiesoort and Soort interactie: whether the customer may read what is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.writing.forms import WritingForm
from tickets.models import Upload

INTERNAL, EXTERNAL = "internal", "external"


class KindField(WritingForm):
    """Who may read it; what is usual stands first."""

    kind = forms.ChoiceField()

    def written_values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """What was written, and for whom."""
        return super().written_values(uploads) | {"is_visible": self.cleaned_data["kind"] == EXTERNAL}


class NoteKind(KindField):
    """Of a note: agents read it, or the customer, too (OTRS 7.4)."""

    kind = forms.ChoiceField(
        label=_("Note type"), choices=((INTERNAL, _("note internal")), (EXTERNAL, _("note external")))
    )


class MailKind(KindField):
    """Of a mail: between us and the customer, or about them; then they see no answer to it either."""

    kind = forms.ChoiceField(
        label=_("Interaction type"),
        choices=((EXTERNAL, _("e-mail external")), (INTERNAL, _("e-mail internal"))),
    )
