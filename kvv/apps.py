"""Django's handles on the house itself: the checks at start, and the admin in KVV's dress."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KvvConfig(AppConfig):
    """The house: its checks and its management commands."""

    name = "kvv"
    verbose_name = "KVV"


class KvvAdminConfig(AdminConfig):
    """Django's admin, with KVV's own site (words, sign-in by the front door)."""

    default_site = "kvv.admin.KvvAdminSite"
