"""The room 'accounts' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Agents, their groups, preferences and sign-in; customers and their addresses."""

    name = "accounts"
    verbose_name = _("Agents and customers")
