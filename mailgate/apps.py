"""The room 'mailgate' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailgateConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "mailgate"
    verbose_name = _("Incoming mail")
