"""The room 'notify' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """Who is told by mail of what happened to tickets."""

    name = "notify"
    verbose_name = _("Telling agents")
