"""How the pages of visitors look: one row, or none."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob

ORGANISATION_MOST = 60
COLOUR = RegexValidator(r"\A#[0-9a-f]{6}\Z", _("Give a colour as #rrggbb, such as #b54a00."))


class Skin(models.Model):
    """Who visitors are with, and in which colours; without this row they see KVV's own.

    `accent` and `head` are as `#rrggbb`; what is written on them, and both by night, is computed
    (`colours.py`). `logo_kind` is 'png' or 'jpeg'; width and height are the picture's, in pixels.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    organisation = models.CharField(
        _("organisation"),
        max_length=ORGANISATION_MOST,
        help_text=_("Its name, as it stands above each page of visitors."),
    )
    accent = models.CharField(
        _("accent"),
        max_length=7,
        default="#b54a00",
        validators=[COLOUR],
        help_text=_(
            "Of buttons and signs. It must be dark enough to be read on the page by day; by night it is made "
            "lighter."
        ),
    )
    head = models.CharField(
        _("ground of the head"),
        max_length=7,
        default="#ffffff",
        validators=[COLOUR],
        help_text=_("Behind the name. Its letters become dark or light by themselves."),
    )
    logo = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True, editable=False)
    logo_kind = models.CharField(max_length=10, blank=True, default="", editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("look of the question forms")
        verbose_name_plural = _("look of the question forms")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="skin_only_one",
                violation_error_message=_("There is one look for all forms: change that."),
            )
        ]

    def __str__(self) -> str:
        return self.organisation
