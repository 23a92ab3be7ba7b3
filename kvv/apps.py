"""Django's handles on the house itself: the checks at start, and the admin in KVV's dress."""

from importlib import import_module

import django_stubs_ext
from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig

NOT_SHOWN = (
    "auth.Group",
    "account.EmailAddress",
    "socialaccount.SocialAccount",
    "socialaccount.SocialApp",
    "socialaccount.SocialToken",
)

# Lets `ModelAdmin[Queue]` and its like, which the type checker needs, also run.
django_stubs_ext.monkeypatch()


class KvvConfig(AppConfig):
    """The house: its checks and its management commands."""

    name = "kvv"
    verbose_name = "KVV"

    def ready(self) -> None:
        """Make ours the current Celery app wherever Django runs, so that `work.ring` finds the broker."""
        import_module("kvv.celery")
        import_module("kvv.task_signals")
        import_module("kvv.event_consumers")


class KvvAdminConfig(AdminConfig):
    """Django's admin, with KVV's own site (words, sign-in by the front door)."""

    default_site = "kvv.site.KvvAdminSite"

    def ready(self) -> None:
        """Take out what other packages show and KVV does not use: a second 'Groups' would mislead."""
        super().ready()
        for name in NOT_SHOWN:
            model = apps.get_model(name)
            if admin.site.is_registered(model):
                admin.site.unregister(model)
