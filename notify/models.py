"""Whom what happened is to be told, and the mails that told it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notify.words import SHORT
from outbox.models import OutboundMessage
from tickets.models import Event, Ticket
from work.rows import Traced, WorkRow


class NotificationMail(models.Model):
    """A mail to an agent about one ticket, or about several things that waited to be told (no `ticket`).

    `address` is the agent's of that time. `returned_at`: since when we know that it did not arrive.
    """

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    address = models.CharField(max_length=320)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    outbound = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outbound"], name="notification_mail_once")]
        indexes = [
            models.Index(fields=["agent", "at"], name="notification_mail_agent"),
            models.Index(
                fields=["returned_at"],
                condition=Q(returned_at__isnull=False),
                name="notification_mail_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.outbound_id}"


class Notification(Traced, WorkRow):
    """An agent who is to be told of an event, or was: once each, whatever the number of reasons.

    queued → claimed → sent (`mail` tells it), late (it was not sent in time, and is of no use any more),
    cancelled (whom it is for may not know of it any more, or can't be mailed). `waits`: so many mails went to
    its agent already that it becomes a part of the next summary. `created`: since when it is to be told,
    which of a reminder is the next working time. `instead_of`: who would have been told, and is away, so that
    `agent` is, who stands in for them. `reason` and `because` are the words of `notify.reasons`.
    """

    SENT = "sent"
    LATE = "late"
    CANCELLED = "cancelled"
    OPEN = (WorkRow.QUEUED, WorkRow.CLAIMED)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=20)
    because = models.CharField(max_length=10)
    created = models.DateTimeField(db_default=Now())
    waits = models.BooleanField(default=False, db_default=False)
    mail = models.ForeignKey(
        NotificationMail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notifications",
        db_index=False,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "agent"], name="notification_once")]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["queued", "claimed"]),
                name="notification_due",
            ),
            models.Index(
                fields=["agent", "id"], condition=Q(state__in=["queued", "claimed"]), name="notification_open"
            ),
            models.Index(fields=["agent", "created"], name="notification_agent"),
            models.Index(fields=["mail"], condition=Q(mail__isnull=False), name="notification_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.agent_id}"


class NotificationText(models.Model):
    """What an admin has mails to agents say for one reason, in one language.

    Plain text in one line each, with placeholders (`queues.placeholders`); an empty one leaves KVV's words.
    `reason` is a word of `notify.reasons`.
    """

    SHORT_MOST, SENTENCE_MOST = 100, 300

    reason = models.CharField(_("what happened"), max_length=20)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    short = models.CharField(_("in short"), max_length=SHORT_MOST, blank=True, default="")
    sentence = models.CharField(_("sentence"), max_length=SENTENCE_MOST, blank=True, default="")

    class Meta:
        verbose_name = _("text of mails to agents")
        verbose_name_plural = _("texts of mails to agents")
        ordering = ("reason", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "language"],
                name="notification_text_once",
                violation_error_message=_("There is a text for this in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{SHORT.get(self.reason, self.reason)} ({self.get_language_display()})"
