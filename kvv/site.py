"""Django's admin as KVV's: its name, its menu in the order of work, and sign-in by the front door."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MENU = (
    (
        "mail",
        _("1. Mail"),
        _("By which server mail leaves, your own addresses, and where mail is fetched."),
        ("outbox.Transport", "queues.MailAddress", "mailgate.Mailbox"),
    ),
    (
        "queues",
        _("2. Queues"),
        _("Who answers what, within which time, and what is to be known of it."),
        ("queues.Queue", "queues.Calendar", "tickets.FreeField", "webforms.Category", "webforms.Skin"),
    ),
    (
        "texts",
        _("3. Texts"),
        _("What answers begin and end with, and what is answered again and again."),
        (
            *("queues.Salutation", "queues.Signature", "queues.ResponseTemplate", "queues.AutoResponse"),
            *("queues.PageText", "notify.NotificationText"),
        ),
    ),
    (
        "people",
        _("4. People"),
        _("A group gets its rights at the queue, an agent theirs by their groups."),
        ("accounts.Group", "accounts.Agent"),
    ),
    (
        "traffic",
        _("What comes in and goes out"),
        _("Every mail with what became of it, and who wrote it."),
        ("mailgate.InboundMessage", "outbox.OutboundMessage", "accounts.Customer", "accounts.Organisation"),
    ),
    (
        "workings",
        _("The workings"),
        _("What is seldom needed."),
        ("tickets.State", "tickets.EventTask", "tickets.BulkTicket", "search.Export"),
    ),
)
"""Groups of the menu, in the order in which a new installation needs them: key, heading, what it is for, and
the labels of its models. Each model of the admin stands in it once."""


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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu: not by app and alphabet, as Django has it, but as `MENU` does."""
        apps = self._build_app_dict(request, app_label)
        models = {model["model"]._meta.label: model for app in apps.values() for model in app["models"]}
        return [
            {"app_label": key, "name": heading, "help": help_text, "models": shown}
            for key, heading, help_text, labels in MENU
            if (shown := [models[label] for label in labels if label in models])
        ]

    def app_index(  # type: ignore[override]  # any response will do
        self, request: HttpRequest, app_label: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The rooms of the house are no chapters of the menu: there is one page of all."""
        return HttpResponseRedirect(reverse("admin:index"))
