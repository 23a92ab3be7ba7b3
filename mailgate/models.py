"""Mail from outside: where it is fetched, and each message as it came in."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob
from queues.models import Queue
from tickets.models import Article, Event, Ticket
from work.rows import WorkRow


class Mailbox(models.Model):
    """A mailbox that KVV empties into tickets. The lease saves work; the unique keys give safety."""

    class Protocol(models.TextChoices):
        IMAP = "imap", "IMAP"
        POP3 = "pop3", "POP3"

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start (993)")
        STARTTLS = "starttls", _("STARTTLS (143)")
        PLAIN = "plain", _("none (143)")

    class After(models.TextChoices):
        LEAVE = "leave", _("leave it as it is")
        MARK = "mark", _("mark it as read")
        DELETE = "delete", _("delete it")
        MOVE = "move", _("move it to a folder")

    name = models.CharField(_("name"), max_length=100, unique=True)
    protocol = models.CharField(
        _("protocol"), max_length=10, choices=Protocol.choices, default=Protocol.IMAP, editable=False
    )
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, default=Security.TLS)
    check_certificate = models.BooleanField(_("check the certificate"), default=True)
    username = models.CharField(_("username"), max_length=254)
    password = models.CharField(_("password"), max_length=500)
    folder = models.CharField(_("folder"), max_length=250, default="INBOX")
    interval_seconds = models.PositiveIntegerField(_("interval (seconds)"), default=60)
    after = models.CharField(_("after fetching"), max_length=10, choices=After.choices, default=After.MARK)
    move_to = models.CharField(_("move to"), max_length=250, blank=True, default="")
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fixed queue"),
        help_text=_("Empty: by the address the mail was sent to."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    lease = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    uid_validity = models.BigIntegerField(null=True, blank=True, editable=False)
    highest_uid = models.BigIntegerField(
        default=0, editable=False, help_text="All up to this one are in the ledger and the server was told."
    )
    next_poll = models.DateTimeField(db_default=Now(), editable=False)
    last_success = models.DateTimeField(_("last worked"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, default="", editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.name


class InboundMessage(WorkRow):
    """A mail as it came in: its bytes, its way in, and what became of it.

    queued → claimed → delivered, ignored, duplicate or quarantined. `identity` is unique per way in: mailbox
    + uidvalidity + uid (IMAP); digest of the bytes + Message-ID + week (listener and pipe); null where the
    way in gives none.
    """

    DELIVERED = "delivered"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    STATES = (
        (WorkRow.QUEUED, _("waiting")),
        (WorkRow.CLAIMED, _("being delivered")),
        (DELIVERED, _("delivered")),
        (IGNORED, _("ignored")),
        (DUPLICATE, _("suspected double")),
        (QUARANTINED, _("quarantined")),
    )

    class Way(models.TextChoices):
        IMAP = "imap", "IMAP"
        POP3 = "pop3", "POP3"
        LISTENER = "listener", _("listener")
        PIPE = "pipe", _("command")

    way = models.CharField(_("way in"), max_length=10, choices=Way.choices)
    identity = models.CharField(max_length=200, null=True, blank=True, unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    raw = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("mailbox")
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("queue")
    )
    envelope_from = models.CharField(max_length=320, blank=True, default="")
    envelope_to = models.JSONField(default=list)
    message_id = models.CharField(max_length=500, blank=True, default="")
    full_size = models.BigIntegerField(
        null=True, blank=True, help_text="Bytes of the original, where only its beginning was taken in."
    )
    received = models.DateTimeField(_("received"), db_default=Now())
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    action = models.CharField(_("what became of it"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["queued", "claimed"]), name="inbound_due"
            ),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="inbound_message_id"),
            models.Index(fields=["received"], condition=Q(state="quarantined"), name="inbound_quarantine"),
        ]

    def __str__(self) -> str:
        return self.message_id or self.digest[:12]


class AutoResponseSent(models.Model):
    """An automatic answer that left, kept for a day or two: what the limits count (OTRS 6.10).

    `address` is bare and in lower case, so that 'A <x@y>' and 'B <X@y>' are one.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="auto_response_address")]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
