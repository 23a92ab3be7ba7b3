"""The room 'desk' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What an agent sees and does in the browser."""

    name = "desk"
    verbose_name = _("Desk")
