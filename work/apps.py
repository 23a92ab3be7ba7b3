"""The room 'work' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Rows that are work, and how one worker at a time takes them."""

    name = "work"
    verbose_name = _("Work")
