"""The room 'work' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "work"
    verbose_name = _("Work")
