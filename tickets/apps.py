"""The room 'tickets' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "tickets"
    verbose_name = _("Tickets")
