"""Django's admin as KVV's: its name, and sign-in by the front door."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class KvvAdminSite(admin.AdminSite):
    """Where admins set up queues, people, texts and mail."""

    site_header = _("KVV administration")
    site_title = _("KVV administration")
    index_title = _("What would you like to set up?")

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers only: queues and rights are theirs alone."""
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """There is one door: the front door. Who is in already and has no business here is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied(_("Only administrators may come here."))
        return redirect_to_login(request.GET.get("next") or "/admin/")
