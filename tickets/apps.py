"""The room 'tickets' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """The domain: tickets, what was said in them, and the actions that change them."""

    name = "tickets"
    verbose_name = _("Tickets")
