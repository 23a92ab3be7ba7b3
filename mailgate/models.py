"""Mail from outside: where it is fetched, and each message as it came in."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob
from outbox.models import Transport
from queues.models import Queue
from tickets.models import Article, Event, Ticket
from vault.fields import SecretField
from work.rows import Traced, WorkRow


class Mailbox(models.Model):
    """A mailbox that KVV empties into tickets. The lease saves work; the unique keys give safety."""

    class Protocol(models.TextChoices):
        IMAP = "imap", "IMAP"
        POP3 = "pop3", "POP3"

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        PLAIN = "plain", _("none")

    class After(models.TextChoices):
        LEAVE = "leave", _("leave it as it is")
        MARK = "mark", _("mark it as read")
        DELETE = "delete", _("delete it")
        MOVE = "move", _("move it to a folder")

    name = models.CharField(_("name"), max_length=100, unique=True)
    protocol = models.CharField(_("protocol"), max_length=10, choices=Protocol.choices, default=Protocol.IMAP)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"),
        default=993,
        help_text=_("With TLS from the start 993 (IMAP) or 995 (POP3), else 143 or 110."),
    )
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, default=Security.TLS)
    check_certificate = models.BooleanField(_("check the certificate"), default=True)
    username = models.CharField(_("username"), max_length=254)
    password = SecretField(_("password"), blank=True)
    folder = models.CharField(
        _("folder"), max_length=250, default="INBOX", help_text=_("POP3 knows only the inbox.")
    )
    interval_seconds = models.PositiveIntegerField(_("interval (seconds)"), default=60)
    after = models.CharField(
        _("after fetching"),
        max_length=10,
        choices=After.choices,
        default=After.MARK,
        help_text=_("POP3 can only leave a message as it is, or delete it."),
    )
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
    canary_address = models.EmailField(
        _("address for test mails"),
        max_length=320,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "An address whose mail arrives in this mailbox. With the setting KVV_CANARY a test mail is sent "
            "to it once a day, and KVV warns when it does not come back. Empty: no test mail."
        ),
    )

    is_confirmed = models.BooleanField(
        _("fetching has been confirmed"),
        default=True,
        db_default=True,
        editable=False,
        help_text="In the admin a new mailbox asks first; nothing is fetched before somebody has answered.",
    )
    generation = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Raised when this becomes another account or folder, which may have the same UIDs.",
    )
    begin_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="What was on the server before is old; empty: nothing is.",
    )
    take_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Of what is old, only what came since is taken in; empty: all of it.",
    )
    begin_uid = models.BigIntegerField(
        default=0, db_default=0, editable=False, help_text="IMAP: messages from this one on are new."
    )
    begin_validity = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="IMAP: the UIDVALIDITY at `begin_at`."
    )

    quiet_before = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="The database was put back then: what arrived earlier may have been fetched before.",
    )

    lease = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    uid_validity = models.BigIntegerField(null=True, blank=True, editable=False)
    highest_uid = models.BigIntegerField(
        default=0, editable=False, help_text="All up to this one are in the ledger and the server was told."
    )
    settled_count = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="POP3: so many at the list's beginning are settled.",
    )
    settled_digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="POP3: of their names.",
    )
    next_poll = models.DateTimeField(db_default=Now(), editable=False)
    last_success = models.DateTimeField(_("last worked"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, default="", editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    canary_arrived = models.DateTimeField(_("last test mail arrived"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.name


class WasThere(models.Model):
    """A message that lay in a POP3 mailbox when that was confirmed; IMAP's UIDs tell it without a row."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    identity = models.CharField(max_length=200, unique=True)
    is_passed = models.BooleanField(help_text="It is not to be taken in.")

    def __str__(self) -> str:
        return self.identity


class InboundMessage(Traced, WorkRow):
    """A mail as it came in: its bytes, its way in, and what became of it.

    queued → claimed → delivered, ignored, duplicate or quarantined. `identity` is unique per way in: mailbox
    + uidvalidity + uid (IMAP); mailbox + UIDL, or digest of the bytes (POP3); digest of the bytes +
    Message-ID + queue and recipients + week (listener and pipe); null where the way in gives none.
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
    identity = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (unique where there is one)
    digest = models.CharField(max_length=64)
    raw = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mailbox"),
        db_index=False,
    )
    queue = models.ForeignKey(
        Queue,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("queue"),
        db_index=False,
    )
    envelope_from = models.CharField(max_length=320, blank=True, default="")
    envelope_to = models.JSONField(default=list)
    message_id = models.CharField(max_length=500, blank=True, default="")
    full_size = models.BigIntegerField(
        null=True, blank=True, help_text="Bytes of the original, where only its beginning was taken in."
    )
    is_old = models.BooleanField(
        _("was there before"),
        default=False,
        db_default=False,
        help_text=_("It lay in the mailbox before that was confirmed: nobody gets a reaction to it."),
    )
    received = models.DateTimeField(_("received"), db_default=Now())
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    action = models.CharField(_("what became of it"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["queued", "claimed"]), name="inbound_due"
            ),
            models.Index(fields=["digest"], name="inbound_digest"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="inbound_message_id"),
            models.Index(fields=["received"], condition=Q(state="quarantined"), name="inbound_quarantine"),
        ]
        constraints = [models.UniqueConstraint(fields=["identity"], name="inbound_once")]

    def __str__(self) -> str:
        if not self.sender:
            return gettext("mail without a sender")
        return gettext("mail of %(sender)s") % {"sender": self.sender}

    @property
    def sender(self) -> str:
        """Whom the mail server that brought it named; else, as a mailbox names nobody, who wrote it."""
        return self.envelope_from or (self.article.from_address if self.article else "")


class UnknownQueue(models.Model):
    """A queue that mail was handed over for by name (`ingest --queue`), and that is not there."""

    name = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()
    asked = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Canary(models.Model):
    """A test mail that proves the round: sent by a transport to a mailbox's address, and awaited there."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    transport = models.ForeignKey(Transport, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    token = models.CharField(max_length=100, unique=True)
    sent = models.DateTimeField()
    arrived = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "transport", "day"], name="canary_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.transport_id} → {self.mailbox_id} {self.day}"


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
