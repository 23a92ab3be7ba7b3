"""The mails that came in: the quarantine with its bytes, and another try. Mailboxes: `mailbox/admin.py`."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mailgate.mailbox.admin import MailboxAdmin
from mailgate.models import InboundMessage
from mailgate.outcome import CANARY, FOLLOW_UP, NEW, TOLD, deliver_again, put_aside
from tickets.showing.source import source_file
from work.looking import OnlyLookedAt, StateFilter

__all__ = ["InboundMessageAdmin", "MailboxAdmin"]

BECAME = {
    **dict(InboundMessage.STATES),
    NEW: _("a new ticket"),
    FOLLOW_UP: _("an addition to a ticket"),
    CANARY: _("a test mail that arrived"),
    TOLD: _("about an e-mail to an agent"),
}
"""What is kept of a mail's outcome → its words."""


@admin.register(InboundMessage)
class InboundMessageAdmin(OnlyLookedAt, admin.ModelAdmin[InboundMessage]):
    """A mail as it came in: looked at, downloaded, delivered again; never changed or deleted."""

    list_display = ("received", "sender", "state_name", "became", "way", "last_error")
    list_filter = (StateFilter, "way")
    search_fields = ("message_id", "envelope_from")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "received",
        "sender",
        "recipients",
        "mail_id",
        "state_name",
        "became",
        "way",
        "mailbox",
        "queue",
        "is_old",
        "attempts",
        "last_error",
        "bytes",
    )
    readonly_fields = fields
    actions = ("again", "aside")

    def get_urls(self) -> list[URLPattern]:
        """The raw bytes have an address of their own."""
        raw = self.admin_site.admin_view(self.raw)
        return [path("<int:pk>/raw/", raw, name="mailgate_inboundmessage_raw"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundMessage]:
        """With who wrote each, without the texts."""
        messages = super().get_queryset(request).select_related("article")
        return messages.defer("article__text", "article__html", "article__to", "article__references")

    def raw(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The mail as it came in, to be kept."""
        message = get_object_or_404(InboundMessage.objects.select_related("raw"), pk=pk)
        return source_file(message.raw, name=f"mail-{message.pk}.eml")

    @admin.display(description=_("sender"), ordering="envelope_from")
    def sender(self, message: InboundMessage) -> str:
        """Who sent it."""
        return message.sender or "–"

    @admin.display(description=_("recipients"))
    def recipients(self, message: InboundMessage) -> str:
        """For whom it was handed over."""
        return ", ".join(message.envelope_to) or "–"

    @admin.display(description="Message-ID")
    def mail_id(self, message: InboundMessage) -> str:
        """By which other mails refer to it."""
        return message.message_id or "–"

    @admin.display(description=_("what became of it"))
    def became(self, message: InboundMessage) -> str:
        """The outcome in words, where it is more than the state."""
        if message.action == message.state:
            return "–"
        return str(BECAME.get(message.action, message.action)) or "–"

    @admin.display(description=_("bytes"))
    def bytes(self, message: InboundMessage) -> str:
        """Where the bytes can be had."""
        address = reverse("admin:mailgate_inboundmessage_raw", args=[message.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download"))

    @admin.action(description=_("Deliver again"), permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[InboundMessage]) -> None:
        """Try quarantined, ignored and doubled mails once more."""
        self._tell(request, sum(deliver_again(message) for message in queryset))

    @admin.action(description=_("Leave in peace (stays here, without a warning)"), permissions=["change"])
    def aside(self, request: HttpRequest, queryset: QuerySet[InboundMessage]) -> None:
        """Take mails out of the quarantine that need nothing more."""
        self._tell(request, sum(put_aside(message) for message in queryset))

    def _tell(self, request: HttpRequest, done: int) -> None:
        sentence = ngettext("Done for %(n)s mail.", "Done for %(n)s mails.", done) % {"n": done}
        self.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)
