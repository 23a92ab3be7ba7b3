"""The room 'blobs' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlobsConfig(AppConfig):
    """Bytes, kept in the database, and swept away when nothing refers to them."""

    name = "blobs"
    verbose_name = _("Stored bytes")
