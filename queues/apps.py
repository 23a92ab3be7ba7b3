"""The room 'queues' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QueuesConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "queues"
    verbose_name = _("Queues")
