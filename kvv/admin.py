"""Django's admin as KVV's: its name, and sign-in by the front door."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class KvvAdminSite(admin.AdminSite):
    """Where admins set up queues, people, texts and mail."""

    site_header = _("KVV administration")
    site_title = _("KVV administration")
    index_title = _("What would you like to set up?")
