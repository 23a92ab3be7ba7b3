"""Outgoing mail servers, and the mails themselves with what can be done about one that got stuck."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outbox.models import OutboundMessage, Recipient, Transport
from outbox.queueing import cancel, mark_sent, send_again, try_now
from outbox.transports import end_waiting


class SecretForm(forms.ModelForm[Any]):
    """A form whose password is never shown; left empty, the one that is there stays."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave this empty to keep the password that is there."),
    )

    def clean_password(self) -> str:
        """An empty field keeps what was there."""
        password: str = self.cleaned_data["password"]
        return password or self.initial.get("password", "")


@admin.register(Transport)
class TransportAdmin(admin.ModelAdmin[Transport]):
    """A server that takes our mail."""

    form = SecretForm
    list_display = (
        "name",
        "host",
        "port",
        "security",
        "is_default",
        "is_active",
        "last_success",
        "failing_since",
    )
    readonly_fields = ("last_success", "failing_since", "last_error", "canary_arrived")

    def save_model(self, request: HttpRequest, obj: Transport, form: Any, change: Any) -> None:
        """What waited for the server as it was is tried with it as it is now."""
        super().save_model(request, obj, form, change)
        end_waiting(obj)


class RecipientInline(admin.TabularInline[Recipient, OutboundMessage]):
    """Who gets the mail, and what the server said of each."""

    model = Recipient
    extra = 0
    can_delete = False
    readonly_fields = ("address", "result", "reply")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Recipients are those the mail was written to."""
        return False


@admin.register(OutboundMessage)
class OutboundMessageAdmin(admin.ModelAdmin[OutboundMessage]):
    """A mail on its way out: looked at, tried again, or declared sent; never changed or deleted."""

    list_display = ("subject", "state_name", "attempts", "created", "sent_at", "last_error")
    list_filter = ("state",)
    search_fields = ("message_id", "subject", "recipients__address")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "subject",
        "state_name",
        "sender",
        "message_id",
        "transport",
        "attempts",
        "not_before",
        "retry_at",
        "created",
        "sent_at",
        "last_error",
    )
    readonly_fields = fields
    inlines = (RecipientInline,)
    actions = ("try_again", "declare_sent", "take_back")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Mail is written at the desk."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A mail is kept with its recipients: the answer that it is shows what became of it."""
        return False

    @admin.display(description=_("state"), ordering="state")
    def state_name(self, message: OutboundMessage) -> str:
        """The state in words."""
        return str(dict(OutboundMessage.STATES).get(message.state, message.state))

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Queue refused, failed and doubtful mails afresh, and let no other wait any longer after trouble."""
        _tell(self, request, sum(send_again(message) or try_now(message) for message in queryset))

    @admin.action(description=_("Declare as sent"), permissions=["change"])
    def declare_sent(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Say that mails left after all."""
        _tell(self, request, sum(mark_sent(message) for message in queryset))

    @admin.action(description=_("Take back"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Cancel mails that no worker has claimed yet."""
        _tell(self, request, sum(cancel(message) for message in queryset))


def _tell(model_admin: admin.ModelAdmin[Any], request: HttpRequest, done: int) -> None:
    sentence = ngettext("Done for %(n)s mail.", "Done for %(n)s mails.", done) % {"n": done}
    model_admin.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)
