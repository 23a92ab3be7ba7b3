"""What was said in a ticket: a mail, a note, a call. 'Interactie' on the screen."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from blobs.models import Blob
from outbox.models import OutboundMessage
from tickets.models.ticket import Ticket

CHECKS = ("dmarc", "spf", "dkim")
FAILED = ("fail", "hardfail")
"""As results are called (RFC 8601, 2.7, and an older word for the same)."""

UNKNOWN_SENDER, MAY_FOLLOW, UNPROVEN_REPORT = "unknown_sender", "may_follow", "unproven_report"
UNCONFIRMED = "unconfirmed"
"""What `warning` says: its ticket did not know its writer; it names a closed one that does not; it says that
an answer did not arrive, and anybody could have written it; it came by a form, where anybody can give any
address."""


class Article(models.Model):
    """One mail, note, call or form. Never changed after it was made, but that a customer may get to see
    what they wrote from an address which nobody knew was theirs, and that a merge takes it to another ticket;
    nothing in it is ever cut away.

    `agent` is who sent it, `writer` who wrote it: two people where a colleague sends what was prepared.
    `is_automatic`: a machine wrote it; `wants_no_answer`: no machine is to answer it, whoever did.
    `raw_is_whole`: false where only the beginning of a mail is kept that was too big for us.
    `authentication`: what our own mail server found out about a mail (RFC 8601), as 'dmarc=fail spf=pass'.
    """

    class SenderType(models.TextChoices):
        AGENT = "agent", _("agent")
        SYSTEM = "system", _("system")
        CUSTOMER = "customer", _("customer")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        NOTE = "note", _("note")
        WEB = "web", _("web form")

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")
        INTERNAL = "internal", _("internal")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="articles", db_index=False)
    sender_type = models.CharField(max_length=10, choices=SenderType.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    is_visible = models.BooleanField(_("visible to the customer"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created = models.DateTimeField(_("created"), db_default=Now())
    date = models.DateTimeField(_("date in the mail"), null=True, blank=True)

    from_header = models.CharField(max_length=1000, blank=True, default="")
    from_address = models.CharField(max_length=320, blank=True, default="")
    reply_to = models.CharField(max_length=1000, blank=True, default="")
    to = models.TextField(blank=True, default="")
    cc = models.TextField(blank=True, default="")
    bcc = models.TextField(blank=True, default="")
    subject = models.CharField(max_length=1000, blank=True, default="")
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    clean_version = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=500, blank=True, default="")
    references = models.TextField(blank=True, default="")
    is_automatic = models.BooleanField(default=False)
    wants_no_answer = models.BooleanField(default=False, db_default=False)
    authentication = models.CharField(max_length=300, blank=True, default="", db_default="")
    warning = models.CharField(max_length=50, blank=True, default="")

    time_units = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    raw = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    raw_is_whole = models.BooleanField(default=True, db_default=True)
    outbound = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["ticket", "id"], name="article_ticket"),
            models.Index(
                fields=["message_id", "direction", "id"],
                condition=~Q(message_id=""),
                name="article_message_id_order",
            ),
            models.Index(fields=["outbound"], condition=Q(outbound__isnull=False), name="article_outbound"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.pk}"

    @property
    def sender(self) -> str:
        """Who it is from, by the mail's own word: the name in its From, or else the address; '' of a note."""
        return self.from_header.partition("<")[0].strip(' "') or self.from_address

    @property
    def has_source(self) -> bool:
        """Whether its bytes are kept as they came in or left: it was a mail."""
        return self.raw_id is not None or self.outbound_id is not None

    @property
    def is_answer(self) -> bool:
        """Whether an agent wrote it to the customer as a mail."""
        is_mail = self.channel == self.Channel.EMAIL and self.direction == self.Direction.OUT
        return is_mail and self.is_visible and self.sender_type == self.SenderType.AGENT

    @property
    def is_answerable(self) -> bool:
        """Whether the customer sees it, or somebody outside wrote it: what is between agents asks nobody."""
        return self.is_visible or self.sender_type == self.SenderType.CUSTOMER

    @property
    def failed_checks(self) -> list[str]:
        """Those of DMARC, SPF and DKIM that failed; of several signatures one that is right is enough."""
        results = set(self.authentication.split())
        return [
            method.upper()
            for method in CHECKS
            if results & {f"{method}={word}" for word in FAILED}
            and not (method == "dkim" and "dkim=pass" in results)
        ]


ANSWERABLE = Q(is_visible=True) | Q(sender_type=Article.SenderType.CUSTOMER)
"""`Article.is_answerable`, for a statement."""


class Attachment(models.Model):
    """A file of an article; `is_inline` when the HTML shows it by its content-id."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    content_id = models.CharField(max_length=500, blank=True, default="")
    is_inline = models.BooleanField(default=False)
    size = models.BigIntegerField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
