"""The room 'accounts' as Django knows it."""

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Agents, their groups, preferences and sign-in; customers and their addresses."""

    name = "accounts"
    verbose_name = _("Agents and customers")

    def ready(self) -> None:
        """Let an agent's address be known in one place only, however it is set."""
        from accounts.addresses import keep_one_address  # noqa: PLC0415  # models are there only now

        post_save.connect(keep_one_address, sender="accounts.Agent")
