"""The room 'outbox' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Mail on its way out: addresses and bytes, and nothing of tickets."""

    name = "outbox"
    verbose_name = _("Outgoing mail")
