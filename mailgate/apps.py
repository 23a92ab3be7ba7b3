"""The room 'mailgate' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailgateConfig(AppConfig):
    """Mail from outside, until it is a ticket, and the answers that leave by themselves."""

    name = "mailgate"
    verbose_name = _("Incoming mail")
