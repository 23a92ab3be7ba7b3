"""Which files of a message go along where it is sent on, or where a ticket is made out of it."""

from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from desk.writing.layout import Part
from desk.writing.screen_form import ScreenForm, Writing
from richtext.images import shown_images
from tickets.models import Article, Attachment


class AlongField(ScreenForm):
    """The files of `message`, each to be ticked; those that its text shows are, with script, in the text."""

    message: Article | None

    along = forms.MultipleChoiceField(
        label=_("Goes along"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        self.initial.setdefault("along", [str(file.pk) for file in self.its_files])
        choices = [(str(file.pk), file.name) for file in self.its_files]
        cast("forms.MultipleChoiceField", self.fields["along"]).choices = choices

    @cached_property
    def its_files(self) -> list[Attachment]:
        """The message's own files, those too that stand in its text."""
        if self.message is None:
            return []
        return list(self.message.attachments.select_related("blob").order_by("pk"))

    @cached_property
    def in_the_text(self) -> set[Attachment]:
        """Those that its text shows."""
        html = self.message.html if self.message else ""
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


class Along(Part):
    """The files of an `AlongField`."""

    def __init__(self) -> None:
        super().__init__("desk/writing/_along.html", "along")
