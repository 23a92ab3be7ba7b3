"""Outgoing mail servers, and the mails themselves with what can be done about one that got stuck."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from outbox.models import OutboundMessage, Recipient, Transport
from outbox.queueing import cancel, mark_sent, send_again, try_now
from outbox.transports import default_transport, end_waiting, ensure_default, make_room_for_default
from outbox.trial import TrialError, send_test_mail
from outbox.undelivered import settle_and_tell
from vault.forms import ServerForm
from work.inlines import FewRows
from work.looking import OnlyLookedAt, StateFilter

WAITING = (OutboundMessage.QUEUED, OutboundMessage.CLAIMED)


class TransportForm(ServerForm):
    """A server of which exactly one is the default: choosing another one switches."""

    def clean(self) -> dict[str, Any]:
        """Raise a sentence for what would leave mail without a server, though there is one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        others = Transport.objects.filter(is_active=True).exclude(pk=self.instance.pk)
        if not others.exists():
            return given
        if self.initial.get("is_default") and not given.get("is_default"):
            self.add_error("is_default", _("Exactly one server is the default: mark another one, there."))
        elif given.get("is_default") and not given.get("is_active"):
            self.add_error(
                "is_active", _("The default has to be in use: make another one the default first.")
            )
        return given

    def _get_validation_exclusions(self) -> set[str]:
        """That another one is the default is no error: it will be no longer."""
        return {*super()._get_validation_exclusions(), "is_default"}  # type: ignore[misc]  # not in the stubs


@admin.register(Transport)
class TransportAdmin(admin.ModelAdmin[Transport]):
    """A server that takes our mail."""

    form = TransportForm
    list_display = (
        "name",
        "is_default",
        "is_active",
        "host",
        "last_success",
        "failing_since",
    )
    readonly_fields = ("last_success", "failing_since", "last_error", "canary_arrived")

    def get_urls(self) -> list[URLPattern]:
        """The test mail has an address of its own."""
        test = self.admin_site.admin_view(require_POST(self.test))
        return [path("<int:pk>/test/", test, name="outbox_transport_test"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Transport, form: Any, change: Any) -> None:
        """Take the default from the server that had it, and say so; try again what waited for this one."""
        before = make_room_for_default(obj.pk) if obj.is_default else None
        # What was not changed is not written: a password may have been sealed with another key meanwhile.
        obj.save(update_fields=form.changed_data if change else None)
        end_waiting(obj)
        if before is not None:
            sentence = _("Mail leaves by '%(now)s' from now on, and no longer by '%(before)s'.")
            self.message_user(request, sentence % {"now": obj, "before": before}, messages.INFO)
        self._ensure_default(request)
        if change and "is_active" in form.changed_data and not obj.is_active:
            self._tell_of_waiting(request, obj)
            self._tell_of_stuck(request)

    def delete_model(self, request: HttpRequest, obj: Transport) -> None:
        """Another one becomes the default, if it was this one."""
        super().delete_model(request, obj)
        self._ensure_default(request)
        self._tell_of_stuck(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Transport]) -> None:
        """The same, of several."""
        super().delete_queryset(request, queryset)
        self._ensure_default(request)
        self._tell_of_stuck(request)

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a test mail to who asks for it, and say what became of it."""
        transport = get_object_or_404(Transport, pk=pk)
        if not self.has_change_permission(request, transport):
            raise PermissionDenied
        to = str(getattr(request.user, "email", ""))
        words = {"to": to, "server": transport}
        if not to:
            sentence, level = _("You have no mail address: give yourself one first."), messages.ERROR
        else:
            try:
                send_test_mail(transport, to=to)
                sentence, level = _("'%(server)s' has taken a test mail to %(to)s."), messages.SUCCESS
            except TrialError as error:
                words["why"] = str(error).removesuffix(".")
                sentence, level = _("'%(server)s' has not taken the test mail: %(why)s."), messages.ERROR
        self.message_user(request, sentence % words, level)
        return HttpResponseRedirect(reverse("admin:outbox_transport_change", args=[pk]))

    def _tell_of_waiting(self, request: HttpRequest, transport: Transport) -> None:
        n = OutboundMessage.objects.filter(transport=transport, state__in=WAITING).count()
        sentence = ngettext(
            "%(n)s mail waits for this server: it leaves once the server is in use again, or by the default "
            "one if you delete this one.",
            "%(n)s mails wait for this server: they leave once the server is in use again, or by the default "
            "one if you delete this one.",
            n,
        )
        if n:
            self.message_user(request, sentence % {"n": n}, messages.WARNING)

    def _tell_of_stuck(self, request: HttpRequest) -> None:
        """Of mail that goes by the default server, as answers do, where there is none any more."""
        if default_transport() is not None:
            return
        n = OutboundMessage.objects.filter(transport=None, state__in=WAITING).count()
        sentence = ngettext(
            "%(n)s mail waits for any server: it leaves once one is in use.",
            "%(n)s mails wait for any server: they leave once one is in use.",
            n,
        )
        if n:
            self.message_user(request, sentence % {"n": n}, messages.WARNING)

    def _ensure_default(self, request: HttpRequest) -> None:
        if (chosen := ensure_default()) is not None:
            end_waiting(chosen)
            sentence = _("'%(now)s' is the default now: mail leaves by it.") % {"now": chosen}
            self.message_user(request, sentence, messages.INFO)


class RecipientInline(FewRows, admin.TabularInline[Recipient, OutboundMessage]):
    """Who gets the mail, and what the server said of each."""

    model = Recipient
    extra = 0
    can_delete = False
    readonly_fields = ("address", "result", "reply")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Recipients are those the mail was written to."""
        return False


@admin.register(OutboundMessage)
class OutboundMessageAdmin(OnlyLookedAt, admin.ModelAdmin[OutboundMessage]):
    """A mail on its way out: looked at, tried again, or declared sent; never changed or deleted."""

    list_display = ("subject", "state_name", "created", "sent_at", "last_error")
    list_filter = (StateFilter,)
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

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Queue refused, failed and doubtful mails afresh, and let no other wait any longer after trouble."""
        _tell(self, request, sum(_send_again(message) or try_now(message) for message in queryset))

    @admin.action(description=_("Declare as sent"), permissions=["change"])
    def declare_sent(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Say that mails left after all."""
        _tell(self, request, sum(settle_and_tell(message, settle=mark_sent) for message in queryset))

    @admin.action(description=_("Take back"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[OutboundMessage]) -> None:
        """Cancel mails that no worker has claimed yet."""
        _tell(self, request, sum(cancel(message) for message in queryset))


def _send_again(message: OutboundMessage) -> bool:
    return settle_and_tell(message, settle=send_again)


def _tell(model_admin: admin.ModelAdmin[Any], request: HttpRequest, done: int) -> None:
    sentence = ngettext("Done for %(n)s mail.", "Done for %(n)s mails.", done) % {"n": done}
    model_admin.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)
