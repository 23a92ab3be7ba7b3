"""The room 'outbox' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "outbox"
    verbose_name = _("Outgoing mail")
