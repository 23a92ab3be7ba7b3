"""Mail on its way out. This room knows addresses and bytes, and nothing of tickets."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob
from vault.fields import SecretField
from work.rows import Traced, WorkRow


class Transport(models.Model):
    """An SMTP server that takes our mail."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start (465)")
        STARTTLS = "starttls", _("STARTTLS (587)")
        PLAIN = "plain", _("none (25)")

    name = models.CharField(_("name"), max_length=100, unique=True)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(
        _("security"), max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    check_certificate = models.BooleanField(_("check the certificate"), default=True)
    username = models.CharField(_("username"), max_length=254, blank=True, default="")
    password = SecretField(_("password"), blank=True, default="")
    timeout_seconds = models.PositiveSmallIntegerField(_("time-out (seconds)"), default=30)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    last_success = models.DateTimeField(_("last worked"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, default="", editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    canary_arrived = models.DateTimeField(_("last test mail arrived"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("outgoing mail server")
        verbose_name_plural = _("outgoing mail servers")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="transport_one_default",
                violation_error_message=_("Another server is the default."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OutboundMessage(Traced, WorkRow):
    """A finished mail and how far it has got.

    queued → claimed (safe to try again) → sending (committed directly before DATA) → sent, refused (the
    server says never), failed (given up, 'try again' is possible), doubtful (the worker died while sending:
    a person decides), cancelled. held: it waited when the database was put back; a person decides.

    It leaves never before `not_before`, which a person asked for, nor before `retry_at`, while it waits
    after trouble (since `put_off_at`). `server_was_away`: its mail server could not be used, or would have
    no mail, and it waits for that alone.
    """

    BACK_OFF = "retry_at"

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    CANCELLED = "cancelled"
    DROPPED = "dropped after the database was put back"
    STATES = (
        (WorkRow.QUEUED, _("waiting")),
        (WorkRow.CLAIMED, _("being sent")),
        (SENDING, _("being handed over")),
        (SENT, _("sent")),
        (REFUSED, _("refused")),
        (WorkRow.FAILED, _("failed")),
        (DOUBTFUL, _("doubtful")),
        (CANCELLED, _("cancelled")),
        (WorkRow.HELD, _("held back")),
    )

    sender = models.CharField(
        _("envelope sender"),
        max_length=320,
        blank=True,
        default="",
        help_text=_("Empty: a bounce-less mail."),
    )
    message_id = models.CharField("Message-ID", max_length=500)
    mime = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=300, blank=True, default="")
    transport = models.ForeignKey(
        Transport,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outgoing mail server"),
    )
    dedupe_key = models.CharField(max_length=200)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    put_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    server_was_away = models.BooleanField(default=False, db_default=False, editable=False)
    created = models.DateTimeField(_("created"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state__in=["queued", "claimed", "sending"]),
                name="outbound_due",
            ),
            models.Index(
                fields=["created"],
                condition=models.Q(state__in=["failed", "doubtful", "refused"]),
                name="outbound_not_left",
            ),
            models.Index(fields=["id"], condition=models.Q(state="held"), name="outbound_held"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="outbound_message_id_once"),
            models.UniqueConstraint(fields=["dedupe_key"], name="outbound_once"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id

    @property
    def is_dropped(self) -> bool:
        """Whether it was cancelled while it was held: it may have left before the database was put back."""
        return self.state == self.CANCELLED and self.last_error == self.DROPPED

    @classmethod
    def due_condition(cls, *, now: datetime) -> models.Q:
        """What may be claimed: not before anybody asked, and not while it waits after trouble."""
        may_be_tried = models.Q(retry_at=None) | models.Q(retry_at__lte=now)
        return super().due_condition(now=now) & (may_be_tried | ~models.Q(state=cls.QUEUED))


class Recipient(models.Model):
    """One recipient of a mail, with the word of our server on it, or later that of theirs (it came back).

    An accepted one is not sent to again, unless the mail came back.
    """

    class Result(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        BOUNCED = "bounced", _("came back")

    message = models.ForeignKey(
        OutboundMessage, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    address = models.CharField(_("address"), max_length=320)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, default=Result.WAITING)
    reply = models.CharField(_("the server's answer"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [models.UniqueConstraint(fields=["message", "address"], name="recipient_once")]

    def __str__(self) -> str:
        return self.address


class Undelivered(Traced, WorkRow):
    """Somebody will not get a mail, by our own server's word or because we gave up: who wrote it shall know.

    Made with what is noted on the mail, in one commit; who wrote it works it off (the setting
    UNDELIVERED_TASK), for this room knows nothing of them. `failures`: address → why; none where an admin has
    decided what becomes of the mail, so that nobody else has to.
    """

    message = models.ForeignKey(OutboundMessage, on_delete=models.CASCADE, related_name="+")
    failures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.message_id}"
