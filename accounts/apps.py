"""The room 'accounts' as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """See the module's docstrings for what lives here."""

    name = "accounts"
    verbose_name = _("Agents and customers")
