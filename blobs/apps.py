"""The room 'blobs' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlobsConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "blobs"
    verbose_name = _("Stored bytes")
