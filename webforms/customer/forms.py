"""The forms of a customer's page: the code, a message, and how they were helped."""

import re
import uuid
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blobs.sizes import size_in_words
from tickets.actions.rate import WORDS_MOST
from tickets.changing.written import FILES_MOST
from tickets.kinds import Rating
from webforms.customer.codes import DIGITS
from webforms.layout import Files

TEXT_MOST = 50_000


class CodeForm(forms.Form):
    """The six digits, with whatever stands between them."""

    layout = Layout("code")
    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Its digits."""
        code = re.sub(r"[\s.-]", "", self.cleaned_data["code"])
        if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code):
            raise forms.ValidationError(_("The code has six digits."))
        return code


class SeveralFiles(forms.FileInput):
    """Files to choose, as many as one likes."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, not too many and not too big."""

    widget = SeveralFiles

    @property
    def most(self) -> int:
        """Bytes that they may have together."""
        return settings.UPLOAD_TOTAL_BYTES

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files that have a name; an empty one is a file, too."""
        files = [file for file in data or [] if isinstance(file, UploadedFile)]
        if len(files) > FILES_MOST:
            sentence = ngettext("Send at most %(n)s file.", "Send at most %(n)s files.", FILES_MOST)
            raise forms.ValidationError(sentence % {"n": FILES_MOST})
        if sum(file.size or 0 for file in files) > self.most:
            sentence = _("These files are too big: at most %(most)s together.")
            raise forms.ValidationError(sentence % {"most": size_in_words(self.most)})
        return files


class SubmittedForm(forms.Form):
    """A form that is done once, however often it comes."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__}_%s")  # several stand on one page
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())


class MessageForm(SubmittedForm):
    """A message with files; who closes their question (`closes`) need not say anything."""

    layout = Layout("text", Files("attachments"))
    text = forms.CharField(
        label=gettext_lazy("Write back"),
        max_length=TEXT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": ""}),  # no word of being optional
    )
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)

    def __init__(self, *args: Any, closes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes = closes
        most = size_in_words(settings.UPLOAD_TOTAL_BYTES)
        self.fields["attachments"].help_text = _("At most %(size)s together") % {"size": most}

    def clean(self) -> dict[str, Any]:
        """What was filled in: something, unless the question is closed by it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not (self.closes or cleaned.get("text") or cleaned.get("attachments") or self.errors):
            self.add_error("text", _("Write a message first."))
        return cleaned


class RatingForm(SubmittedForm):
    """How they were helped, and a word about it."""

    layout = Layout(Field("rating", template="webforms/customer/_faces.html"), "words")
    rating = forms.ChoiceField(
        label=gettext_lazy("How were you helped?"),
        choices=[(rating.value, rating.label) for rating in Rating],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What went well, or what could be better?"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
