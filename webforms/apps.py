"""The room 'webforms' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebFormsConfig(AppConfig):
    """Questions asked on the web."""

    name = "webforms"
    verbose_name = _("Question forms")
