"""The page on which an administrator chooses how visitors' pages look."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blobs.store import store_bytes
from richtext.colours import as_hex, read_colour
from webforms.colours import LEAST, dark_enough, weak_pairs
from webforms.models import Skin
from webforms.pictures import BYTES_MOST, Picture, PictureError, read_picture
from webforms.skin import current_dress, forget_dress


class SkinForm(forms.ModelForm[Skin]):
    """The name, two colours of which all that is made of them can be read, and a logo."""

    picture = forms.FileField(
        label=gettext_lazy("logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("A PNG or JPEG of at most 500 kB, and 2,000 pixels wide and high."),
    )
    without_logo = forms.BooleanField(label=gettext_lazy("take the logo away"), required=False)

    class Meta:
        widgets = {"accent": forms.ColorInput, "head": forms.ColorInput}

    def clean_picture(self) -> Picture | None:
        """Raise a sentence for what is no picture to show."""
        file: UploadedFile[bytes] | None = self.cleaned_data["picture"]
        if file is None:
            return None
        try:
            return read_picture(file.read(BYTES_MOST + 1))
        except PictureError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Tell of each colour how far it is from being read, the worst alone."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        accent, head = (read_colour(data.get(name) or "") for name in ("accent", "head"))
        if accent is None or head is None:
            return data
        for pair in weak_pairs(accent, head)[:1]:
            sentence = _(
                "On %(ground)s its contrast is %(has)s, and %(needs)s is needed to be read. %(instead)s is "
                "just dark enough."
            )
            told = {
                "ground": as_hex(pair.ground),
                "has": number_format(int(pair.contrast * 100) / 100, 2),
                "needs": number_format(LEAST, 1),
                "instead": as_hex(dark_enough(accent)),
            }
            self.add_error(pair.column, sentence % told)
        return data


@admin.register(Skin)
class SkinAdmin(admin.ModelAdmin[Skin]):
    """How visitors' pages look: one row. Without it they look as KVV does."""

    form = SkinForm
    list_display = ("organisation", "accent", "head")
    fields = ("organisation", "accent", "head", "logo_now", "picture", "without_logo")
    readonly_fields = ("logo_now",)
    actions = None

    @admin.display(description=gettext_lazy("the logo now"))
    def logo_now(self, skin: Skin) -> str:
        """The picture."""
        dress = current_dress() if skin.logo_id else None
        return format_html('<img src="{}" alt="" height="40">', dress.logo_at) if dress else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one."""
        return super().has_add_permission(request) and not Skin.objects.exists()

    def save_model(self, request: HttpRequest, obj: Skin, form: Any, change: Any) -> None:
        """With its logo; this process shows it at once."""
        picture: Picture | None = form.cleaned_data["picture"]
        if picture is not None:
            obj.logo, obj.logo_kind = store_bytes(picture.data), picture.kind
            obj.logo_width, obj.logo_height = picture.width, picture.height
        elif form.cleaned_data["without_logo"]:
            obj.logo, obj.logo_kind, obj.logo_width, obj.logo_height = None, "", 0, 0
        super().save_model(request, obj, form, change)
        forget_dress()

    def delete_model(self, request: HttpRequest, obj: Skin) -> None:
        """Pages look as KVV does again."""
        super().delete_model(request, obj)
        forget_dress()
