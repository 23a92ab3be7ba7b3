"""The room 'queues' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QueuesConfig(AppConfig):
    """Queues, their addresses and texts, and who may do what in them."""

    name = "queues"
    verbose_name = _("Queues")
