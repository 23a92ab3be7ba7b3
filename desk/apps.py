"""The room 'desk' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "desk"
    verbose_name = _("Desk")
